import { argument, choice, defineCommand } from '../define-command.ts';

export const checkCommand = defineCommand({
  name: 'check',
  description: 'check prompts without running them',
  parameters: {
    paths: argument('[paths...]', '.prompt files, folders, names or versions such as NAME@v3 (default: this folder)'),
    format: choice('--format <format>', 'the output format', {
      choices: ['text', 'json', 'sarif'],
      otherwise: 'text',
    }),
  },
  format: ({ format }) => format,
  load: () => import('./check/check-prompts.ts'),
});
