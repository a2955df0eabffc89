import { type CommandGroup, defineCommand, flag, text } from '../define-command.ts';

export const pricesCommands: CommandGroup = {
  name: 'prices',
  description: 'the price lists that are used to calculate costs',
  commands: [
    defineCommand({
      name: 'show',
      description: 'show which price lists are used, and their dates',
      parameters: { json: flag('--json', 'print the lists as JSON') },
      load: () => import('./prices/show-prices.ts'),
    }),
    defineCommand({
      name: 'update',
      description: 'fetch the published price list; nothing about the workspace is sent',
      parameters: {
        url: text('--url <address>', 'where the list is (default: that of the genai-prices project)'),
        json: flag('--json', 'print what was fetched as JSON'),
      },
      load: () => import('./prices/update-prices.ts'),
    }),
  ],
};
