import { argument, defineCommand, flag, type Values } from '../define-command.ts';

const parameters = {
  connection: argument('[connection]', 'show only this connection'),
  json: flag('--json', 'print the list as JSON'),
  refresh: flag('--refresh', 'ask the providers again, even if there is a list from today'),
};

export type ModelsValues = Values<typeof parameters>;

export const modelsCommand = defineCommand({
  name: 'models',
  description: 'list connections and their models',
  parameters,
  load: () => import('./models/list-models.ts'),
});
