import { rowArguments, rowTarget } from '../../shell/rows/row-arguments.ts';
import { addCases, pasteCases } from './add-case.ts';
import { createEvaluation } from './create-evaluation.ts';
import { type EvaluationCommandDeps, FOCUSED_ROW } from './evaluation-targets.ts';
import { compareResults, deleteResults, exportEvaluation, openResults, pinResult } from './result-commands.ts';
import {
  estimateEvaluation,
  pauseEvaluation,
  rerunEvaluation,
  rescoreEvaluation,
  resumeEvaluation,
  runEvaluation,
  stopEvaluation,
} from './run-commands.ts';
import { runOnDataset, saveEvaluation } from './run-on-dataset.ts';
import { splitDatasetFile } from './split-dataset.ts';
import { unwatchEvaluation, watchEvaluation } from './watch-commands.ts';

export function createEvaluationCommands(deps: EvaluationCommandDeps) {
  type Run = (deps: EvaluationCommandDeps, target: unknown) => Promise<void>;
  type RunMany = (deps: EvaluationCommandDeps, target: unknown, selected: readonly unknown[]) => Promise<void>;
  const one =
    (run: Run) =>
    (...args: unknown[]) =>
      run(deps, rowTarget(args));
  const many =
    (run: RunMany) =>
    (...args: unknown[]) => {
      if (args[0] === FOCUSED_ROW) return run(deps, FOCUSED_ROW, []);
      const { target, selected } = rowArguments(args, deps.view.selected());
      return run(deps, target, selected);
    };
  return {
    'llmops.evaluation.run': one(runEvaluation),
    'llmops.evaluation.estimate': one(estimateEvaluation),
    'llmops.evaluation.openResults': one(openResults),
    'llmops.evaluation.compare': many(compareResults),
    'llmops.evaluation.create': one(createEvaluation),
    'llmops.evaluation.stop': one(stopEvaluation),
    'llmops.evaluation.pause': one(pauseEvaluation),
    'llmops.evaluation.resume': one(resumeEvaluation),
    'llmops.evaluation.rescore': one(rescoreEvaluation),
    'llmops.evaluation.rerun': one(rerunEvaluation),
    'llmops.evaluation.pin': one((own, target) => pinResult(own, target, true)),
    'llmops.evaluation.unpin': one((own, target) => pinResult(own, target, false)),
    'llmops.evaluation.export': one(exportEvaluation),
    'llmops.evaluation.delete': many(deleteResults),
    'llmops.evaluation.runOnDataset': one(runOnDataset),
    'llmops.evaluation.save': one(saveEvaluation),
    'llmops.evaluation.watch': one(watchEvaluation),
    'llmops.evaluation.unwatch': one(unwatchEvaluation),
    'llmops.evaluation.addCase': many(addCases),
    'llmops.evaluation.pasteCases': one((_, target) => pasteCases(target)),
    'llmops.evaluation.splitDataset': one((_, target) => splitDatasetFile(target)),
    'llmops.evaluations.refresh': async () => deps.view.refresh(),
  };
}
