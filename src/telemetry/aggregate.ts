import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client'

/** A process's metrics as values that pass between processes. */
export type MetricsJson = readonly MetricObjectWithValues<MetricValue<string>>[]

/** This process's metrics, for one that puts several together. */
export function metricsAsJson(registry: Registry): Promise<MetricsJson> {
  return registry.getMetricsAsJSON()
}

/**
 * The metrics of several processes on one machine as if they were one's, in the text that Prometheus reads: counters and
 * histograms are summed, gauges as their definitions say.
 */
export function aggregateMetrics(processes: readonly MetricsJson[]): Promise<string> {
  return AggregatorRegistry.aggregate(processes as unknown as object[]).metrics()
}
