import { expect, it } from 'vitest';
import { metricsPage } from './metrics-page.ts';

it('the page of the docs has every metric, as the table declares it', async () => {
  await expect(metricsPage()).toMatchFileSnapshot('../../../../media/docs/metrics.md');
});
