import { argument, defineCommand, flag } from '../define-command.ts';

export const modelsCommand = defineCommand({
  name: 'models',
  description: 'list connections and their models',
  parameters: {
    connection: argument('[connection]', 'show only this connection'),
    json: flag('--json', 'print the list as JSON'),
    refresh: flag('--refresh', 'ask the providers again, even if there is a list from today'),
  },
  load: () => import('./models/list-models.ts'),
});
