import { argument, defineCommand, flag } from '../define-command.ts';

export const modelsCommand = defineCommand({
  name: 'models',
  description: 'list connections and their models',
  parameters: {
    connection: argument('[connection]', 'only this connection'),
    json: flag('--json', 'print the list as JSON'),
    refresh: flag('--refresh', 'ask the providers even if a list of today is at hand'),
  },
  load: () => import('./models/list-models.ts'),
});
