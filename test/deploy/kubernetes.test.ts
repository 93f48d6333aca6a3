import { spawnSync } from 'node:child_process'
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Secret, Service, ServiceAccount } from 'kubernetes-models/v1'
import { expect, test } from 'vitest'
import { queueNames } from '../../src/queue/jobs.ts'
import { settings } from '../../src/settings.ts'
import { metrics } from '../../src/telemetry/metrics.ts'
import { pools } from '../../src/workers/pools.ts'
import { describeService } from '../support/services.ts'
import { type Manifest, manifestsOf, root, yamlOf } from './manifests.ts'

const models: Record<string, new (data: never) => { validate(): void }> = {
  'apps/v1 Deployment': Deployment,
  'autoscaling/v2 HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'keda.sh/v1alpha1 ScaledObject': ScaledObject,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
  'v1 ConfigMap': ConfigMap,
  'v1 Secret': Secret,
  'v1 Service': Service,
  'v1 ServiceAccount': ServiceAccount,
}
const base = yamlOf('deploy/kubernetes/base/kustomization.yaml').resources as string[]
const objects = base.flatMap((file) => manifestsOf(`deploy/kubernetes/base/${file}`))
const secrets = manifestsOf('deploy/kubernetes/secrets.example.yaml')
const of = (kind: string) => objects.filter((object) => object.kind === kind)
const deployments = of('Deployment')
const podOf = (deployment: Manifest) => deployment.spec.template.spec
const containerOf = (deployment: Manifest) => podOf(deployment).containers[0]
const labelsOf = (deployment: Manifest): Record<string, string> => deployment.spec.template.metadata.labels
const selects = (selector: Record<string, string>, labels: Record<string, string>) =>
  Object.entries(selector).every(([name, value]) => labels[name] === value)
const selectedBy = (selector: Record<string, string>) =>
  deployments
    .filter((deployment) => selects(selector, labelsOf(deployment)))
    .map(({ metadata }) => metadata.name)

test.each([...objects, ...secrets].map((object) => [`${object.apiVersion} ${object.kind}`, object] as const))(
  '%s is what its schema says',
  (kind, object) => {
    const Model = models[kind]!
    new Model(object as never).validate()
    expect(() => new Model({ ...object, metadata: 'x' } as never).validate()).toThrow()
  },
)

test('names and selectors meet', () => {
  for (const deployment of deployments) {
    expect(deployment.spec.selector.matchLabels).toEqual(labelsOf(deployment))
    expect(podOf(deployment).serviceAccountName).toBe(of('ServiceAccount')[0]!.metadata.name)
    for (const { labelSelector } of podOf(deployment).topologySpreadConstraints)
      expect(selectedBy(labelSelector.matchLabels)).toEqual([deployment.metadata.name])
  }
  const budgets = of('PodDisruptionBudget').flatMap(({ spec }) => selectedBy(spec.selector.matchLabels))
  expect(budgets.sort()).toEqual(deployments.map(({ metadata }) => metadata.name).sort())
  expect(of('Service').map(({ spec }) => selectedBy(spec.selector))).toEqual([['sheaf-api']])
  const scaled = [...of('HorizontalPodAutoscaler'), ...of('ScaledObject')].map(
    ({ spec }) => spec.scaleTargetRef.name,
  )
  expect(scaled.sort()).toEqual(deployments.map(({ metadata }) => metadata.name).sort())
  expect(of('HorizontalPodAutoscaler')[0]!.spec.minReplicas).toBeGreaterThanOrEqual(2)
})

test('ports that are named are there', () => {
  const portsOf = (deployment: Manifest) =>
    containerOf(deployment).ports.map(({ name }: { name: string }) => name)
  const api = deployments.find(({ metadata }) => metadata.name === 'sheaf-api')!
  for (const { targetPort } of of('Service')[0]!.spec.ports) expect(portsOf(api)).toContain(targetPort)
  for (const deployment of deployments) {
    const { startupProbe, livenessProbe, readinessProbe, ports } = containerOf(deployment)
    for (const probe of [startupProbe, livenessProbe, readinessProbe])
      expect(portsOf(deployment)).toContain(probe.httpGet.port)
    const metricsPort = String(ports.find(({ name }: { name: string }) => name === 'metrics').containerPort)
    expect(of('ConfigMap')[0]!.data!.SHEAF_METRICS).toBe(`0.0.0.0:${metricsPort}`)
    expect(deployment.spec.template.metadata.annotations['prometheus.io/port']).toBe(metricsPort)
  }
  for (const { spec } of of('NetworkPolicy'))
    for (const { ports = [] } of spec.ingress ?? [])
      for (const { port } of ports)
        expect(
          deployments.filter((one) => selects(spec.podSelector.matchLabels, labelsOf(one))).flatMap(portsOf),
        ).toContain(port)
})

test('settings and secrets are those that there are', () => {
  const variables = new Set<string>(Object.values(settings).map(({ variable }) => variable))
  const known = (name: string) => variables.has(name) || name.startsWith('AWS_')
  const [config] = of('ConfigMap')
  for (const name of Object.keys(config!.data!)) expect([name, known(name)]).toEqual([name, true])
  for (const { stringData } of secrets)
    for (const name of Object.keys(stringData!)) expect([name, known(name)]).toEqual([name, true])
  for (const deployment of deployments) {
    const { env, envFrom } = containerOf(deployment)
    for (const { configMapRef, secretRef } of envFrom)
      if (configMapRef) expect(configMapRef.name).toBe(config!.metadata.name)
      else expect(secrets.map(({ metadata }) => metadata.name)).toContain(secretRef.name)
    for (const { name, valueFrom } of env) {
      expect([name, known(name)]).toEqual([name, true])
      if (!valueFrom) continue
      const { name: secret, key } = valueFrom.secretKeyRef
      expect(
        Object.keys(secrets.find(({ metadata }) => metadata.name === secret)?.stringData ?? {}),
      ).toContain(key)
    }
  }
})

test('each queue is taken by one pool, whose size follows what the queue holds', () => {
  const queuesOf = (deployment: Manifest): string[] => {
    const { args } = containerOf(deployment)
    return args[0] === 'worker' ? args[args.indexOf('--queues') + 1].split(',') : []
  }
  expect(deployments.flatMap(queuesOf).sort()).toEqual([...queueNames].sort())
  for (const { spec } of of('ScaledObject')) {
    const taken = queuesOf(deployments.find(({ metadata }) => metadata.name === spec.scaleTargetRef.name)!)
    const pool = pools.find(({ queues }) => queues.join() === taken.join())!
    const { query, threshold } = spec.triggers[0].metadata
    expect(query).toContain(`max by (queue, state) (${metrics.queueJobs.name}{queue=~"${taken.join('|')}"`)
    expect(metrics.queueJobs.labels).toEqual(['queue', 'state'])
    expect(Number(threshold)).toBe(pool.jobsPerProcess)
  }
})

test('no pod may do more than it must', () => {
  for (const deployment of deployments) {
    const pod = podOf(deployment)
    const { securityContext, resources, env, volumeMounts, lifecycle } = containerOf(deployment)
    expect(pod.automountServiceAccountToken).toBe(false)
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }])
    // What a stop takes: until the Service knows, 2 s for requests, 5 s for tasks, and closing.
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(
      (lifecycle?.preStop.sleep.seconds ?? 0) + 2 + 5 + 10,
    )
    const limit = /^(\d+)(Mi|Gi)$/.exec(resources.limits.memory)!
    const mebibytes = Number(limit[1]) * (limit[2] === 'Gi' ? 1024 : 1)
    const own = env.find(({ name }: { name: string }) => name === 'SHEAF_WORKER_MEMORY')?.value ?? 0
    expect(Number(own)).toBeLessThan(mebibytes)
  }
  const [nothing] = of('NetworkPolicy')
  expect(nothing!.spec).toEqual({
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'sheaf' } },
    policyTypes: ['Ingress', 'Egress'],
  })
  for (const { spec } of of('NetworkPolicy')) expect(selectedBy(spec.podSelector.matchLabels)).not.toEqual([])
})

const kubectl = spawnSync('kubectl', ['version', '--client']).status === 0 ? 'kubectl' : undefined
describeService(kubectl, 'kubectl', () => {
  test('puts the example together, with its own image in each pod', () => {
    const { stdout, status } = spawnSync('kubectl', ['kustomize', 'deploy/kubernetes/example'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(status).toBe(0)
    expect(stdout.match(/^kind: .*/gm)).toHaveLength(objects.length)
    expect(stdout.match(/image: registry.example.org\/sheaf:0.1.0$/gm)).toHaveLength(deployments.length)
    expect(stdout).not.toContain('CHANGE-ME')
  })
})
