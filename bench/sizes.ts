/** How large a run is. */
export interface Sizes {
  readonly rounds: number;
  /** Deliveries a round. */
  readonly deliveries: number;
  /** Single events for the latency. */
  readonly events: number;
  /** Seconds that 16 clients trigger, in each round and way. */
  readonly seconds: number;
  /** Rows that wait when the claim is measured. */
  readonly pending: number;
  /** Deliveries that pass under the eyes of an old snapshot. */
  readonly passing: number;
  /** Webhooks of the fan-out. */
  readonly webhooks: number;
  /** Deliveries that wait for endpoints that hang. */
  readonly hanging: number;
  /** AI webhooks that are received, each round and way. */
  readonly received: number;
  /** Deliveries past their age that retention removes. */
  readonly expired: number;
  /** Deliveries of the soak. */
  readonly soak: number;
}
