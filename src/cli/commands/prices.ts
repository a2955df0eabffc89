import { type CommandGroup, defineCommand, flag, text } from '../define-command.ts';

export const pricesCommands: CommandGroup = {
  name: 'prices',
  description: 'show or update the price lists that costs are calculated with',
  commands: [
    defineCommand({
      name: 'show',
      description: 'show which price lists are used, and their dates',
      parameters: { json: flag('--json', 'print the lists as JSON') },
      load: () => import('./prices/show-prices.ts'),
    }),
    defineCommand({
      name: 'update',
      description: 'download the published price list; nothing about the workspace is sent',
      parameters: {
        url: text('--url <address>', 'the address of the list (default: the list of the genai-prices project)'),
        json: flag('--json', 'print the result as JSON'),
      },
      load: () => import('./prices/update-prices.ts'),
    }),
  ],
};
