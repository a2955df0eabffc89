import { childScope, helperName, isHelper } from './template-checks.ts';

interface Walk {
  names: Set<string>;
  /** Names of block parameters, which hide the input's. */
  scope: ReadonlySet<string>;
  /** The number of blocks that have changed the context: at depth 0 a name belongs to the input. */
  depth: number;
}

/** The input names that a template uses, in order of first use; those inside its partials are not included. */
export function templateVariables(ast: hbs.AST.Program): string[] {
  const names = new Set<string>();
  walkProgram(ast, { names, scope: new Set(), depth: 0 });
  return [...names];
}

function walkProgram(program: hbs.AST.Program | undefined, walk: Walk): void {
  if (!program) return;
  const inner = { ...walk, scope: childScope(program, walk.scope) };
  for (const statement of program.body) walkStatement(statement, inner);
}

function walkStatement(statement: hbs.AST.Statement, walk: Walk): void {
  switch (statement.type) {
    case 'MustacheStatement':
      walkCall(statement as hbs.AST.MustacheStatement, walk);
      break;
    case 'BlockStatement': {
      const block = statement as hbs.AST.BlockStatement;
      walkCall(block, walk);
      const name = helperName(block, walk.scope);
      const keepsContext = isHelper(name) && name !== 'each' && name !== 'with';
      walkProgram(block.program, keepsContext ? walk : { ...walk, depth: walk.depth + 1 });
      walkProgram(block.inverse, walk);
      break;
    }
    case 'PartialStatement':
    case 'PartialBlockStatement':
      walkArguments(statement as hbs.AST.PartialStatement, walk);
      if (statement.type === 'PartialBlockStatement') {
        walkProgram((statement as hbs.AST.PartialBlockStatement).program, walk);
      }
      break;
    case 'DecoratorBlock':
      walkProgram((statement as hbs.AST.DecoratorBlock).program, walk);
  }
}

function walkCall(call: hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression, walk: Walk): void {
  if (!isHelper(helperName(call, walk.scope))) walkExpression(call.path, walk);
  walkArguments(call, walk);
}

function walkArguments(call: Pick<hbs.AST.SubExpression, 'params' | 'hash'>, walk: Walk): void {
  for (const value of call.params) walkExpression(value, walk);
  for (const pair of call.hash?.pairs ?? []) walkExpression(pair.value, walk);
}

function walkExpression(expression: hbs.AST.Expression, walk: Walk): void {
  if (expression.type === 'SubExpression') {
    walkCall(expression as hbs.AST.SubExpression, walk);
  } else if (expression.type === 'PathExpression') {
    const path = expression as hbs.AST.PathExpression;
    const [first, second] = path.parts;
    if (path.data) {
      if (first === 'root' && second !== undefined) walk.names.add(String(second));
    } else if (first !== undefined && path.depth === walk.depth && !walk.scope.has(String(first))) {
      walk.names.add(String(first));
    }
  }
}
