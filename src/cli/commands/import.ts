import { argument, defineCommand, flag, text } from '../define-command.ts';

export const importCommand = defineCommand({
  name: 'import',
  description: 'turn prompts of other tools into .prompt files; nothing is overwritten',
  parameters: {
    files: argument(
      '<file...>',
      'Prompty, promptfoo, OpenAI chat JSON, Python, TypeScript, LangChain, MLflow or Langfuse files',
    ),
    out: text('--out <dir>', 'the folder to write into (default: the workspace’s prompts folder)'),
    format: text('--format <name>', 'what the files are, where their names and keys do not tell'),
    dryRun: flag('--dry-run', 'print what would be written'),
  },
  load: () => import('./import/import-files.ts'),
});
