import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Service } from 'kubernetes-models/v1';
import { expect, test } from 'vitest';
import { SHUTDOWN_WITHIN_MS } from '../../src/start/shutdown.js';
import { ROOT } from '../harness/program.js';
import { documentsOf, textOf, unknownVariables } from './files.js';
import { keysNotRead } from './keys-not-read.js';

const MODELS = { ConfigMap, Deployment, Job, PodDisruptionBudget, Service };
const FOLDERS = ['ops/kubernetes/migrate', 'ops/kubernetes/serve'];

/** What every object has. */
interface Named {
  readonly kind: keyof typeof MODELS;
  readonly metadata: { readonly name: string };
}

const objects: unknown[] = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name !== 'kustomization.yaml')
    .flatMap((name) => documentsOf(`${folder}/${name}`)),
);

const deployments = objects.filter(Deployment.is);
const pods = [...deployments, ...objects.filter(Job.is)].map(({ spec }) => spec?.template.spec);

test.each((objects as Named[]).map((object) => [object.kind, object.metadata.name, object] as const))(
  "%s %s is what Kubernetes' schema takes, and has nothing that it does not know",
  (kind, _name, object) => {
    // The class narrows its own data; what is wrong with it is what is asked here. It makes a copy, which is watched.
    const model = new MODELS[kind](object as never);
    const unread = keysNotRead(model, (watched) => model.validate.call(watched as never));
    expect(unread).toEqual([]);
  },
);

test.each(FOLDERS)('%s lists all of its files', (folder) => {
  const [kustomization] = documentsOf(`${folder}/kustomization.yaml`) as { resources: string[] }[];
  const files = readdirSync(join(ROOT, folder)).filter((name) => name !== 'kustomization.yaml');
  expect(kustomization?.resources.toSorted()).toEqual(files.toSorted());
});

test('what is selected by labels has them', () => {
  for (const { spec } of deployments) {
    expect(spec?.template.metadata?.labels).toEqual(spec?.selector.matchLabels);
  }
  const labels = deployments.map(({ spec }) => spec?.selector.matchLabels);
  for (const { spec } of objects.filter(Service.is)) expect(labels).toContainEqual(spec?.selector);
  const budgets = objects.filter(PodDisruptionBudget.is).map(({ spec }) => spec?.selector?.matchLabels);
  expect(budgets).toEqual(labels);
});

test('Kubernetes waits for as long as preStop and a shutdown take before it kills', () => {
  for (const { spec } of deployments) {
    const pod = spec?.template.spec;
    const [, pause = '0'] = pod?.containers[0]?.lifecycle?.preStop?.exec?.command ?? [];
    expect((pod?.terminationGracePeriodSeconds ?? 30) * 1000).toBeGreaterThan(
      SHUTDOWN_WITHIN_MS + Number(pause) * 1000,
    );
  }
});

test('no container runs as root, writes to its own disk, or has rights to lose', () => {
  for (const pod of pods) {
    expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const { securityContext } of pod?.containers ?? []) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  }
});

test('the settings are ones that are read', () => {
  const names = objects.filter(ConfigMap.is).flatMap(({ data }) => Object.keys(data ?? {}));
  expect(names).toContain('LOG_LEVEL');
  expect(unknownVariables(names)).toEqual([]);
});

test('the image is of this version', () => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  const tags = FOLDERS.map(
    (folder) => (documentsOf(`${folder}/kustomization.yaml`) as { images: object[] }[])[0]?.images,
  );
  expect(tags).toEqual(FOLDERS.map(() => [expect.objectContaining({ name: 'hookline', newTag: version })]));
});
