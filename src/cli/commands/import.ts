import { argument, defineCommand, flag, text, type Values } from '../define-command.ts';

const parameters = {
  files: argument(
    '<file...>',
    'Prompty, promptfoo, OpenAI chat JSON, Python, TypeScript, LangChain, MLflow or Langfuse files',
  ),
  out: text('--out <dir>', 'the folder to write to (default: the workspace’s prompts folder)'),
  format: text('--format <name>', 'the format of the files, if it cannot be detected'),
  dryRun: flag('--dry-run', 'print what would be written'),
};

export type ImportValues = Values<typeof parameters>;

export const importCommand = defineCommand({
  name: 'import',
  description: 'convert prompts of other tools to .prompt files; nothing is overwritten',
  parameters,
  load: () => import('./import/import-files.ts'),
});
