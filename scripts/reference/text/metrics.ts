import type { Told } from '../language.js';

/** What each metric tells, by who tells it, in the order of the page. */
export const METRIC_TEXTS = {
  installation: {
    hookline_queue_deliveries: [
      'Unfinished deliveries. `ready` could go now, but for caps and rate limits; `held`: their webhook is paused, inactive, unverified where that counts, or its breaker is open; `scheduled`: retries whose time has not come; `in_flight`. 100,000 are counted at most',
      '未完成的投递。`ready`：除并发与速率限制外可立即发送；`held`：其 Webhook 已暂停、停用、在要求验证时未验证，或熔断器已打开；`scheduled`：尚未到时间的重试；`in_flight`：进行中。最多数到 100,000',
    ],
    hookline_queue_is_capped: ['1: there is more than was counted', '1：实际比数到的更多'],
    hookline_queue_oldest_seconds: [
      'For how long the delivery that has waited longest has been ready; 0: none is. Those of webhooks that are ordered, have a rate limit or are being probed do not count: they wait as they should. Of a queue that is longer than is counted, of those that were',
      '等待最久的投递已就绪多久；0 表示没有。有序、限速或正在探测的 Webhook 不计：它们本该等待。队列超过计数上限时，只看数到的部分',
    ],
    hookline_queue_late_deliveries: [
      'Ready for more than a minute, the same left out',
      '就绪一分钟以上的投递，同样不计上述情形',
    ],
    hookline_workers: [
      'Workers that have beaten within 15 s: `busy`, or `idle`, waiting to be told of work',
      '15 秒内有心跳的工作进程：`busy`，或等待通知的 `idle`',
    ],
    hookline_webhooks: [
      '`breaker_open`; `breaker_probing`: its pause is over, and the next delivery is a probe; `paused`; `disabled` by the system; `unverified`; `failing`. One may be in several; 10,000 of each are counted at most',
      '`breaker_open`；`breaker_probing`：暂停已过，下一次投递即为探测；`paused`；被系统停用的 `disabled`；`unverified`；`failing`。同一 Webhook 可属多项；每项最多数到 10,000',
    ],
    hookline_database_size_bytes: ['Of the database, on its disk', '数据库在磁盘上的大小'],
    hookline_receiver_pending: [
      'Callbacks (`callback`) and events (`event`) of received AI webhooks that are not finished, wherever these are stored; 10,000 of each at most',
      '收到的 AI Webhook 中未完成的回调（`callback`）与事件（`event`），无论存于何处；每种最多 10,000',
    ],
    hookline_receiver_overdue_seconds: [
      'For how long the one that is due longest has been due; 0: none is',
      '逾期最久者已逾期多久；0 表示没有',
    ],
  },
  worker: {
    hookline_attempts_total: [
      'Attempts whose result was written. Outcome: `success`, `retrying`, `failed` for good, `late` (its lease had ended, so it may have been sent twice; or its webhook is gone), `dropped` (PostgreSQL refused the result). Code: as in [error codes](deliveries.md#error-codes), or `none`',
      '已写入结果的尝试。outcome：`success`、`retrying`、最终失败的 `failed`、`late`（租约已结束，可能发送了两次；或 Webhook 已删除）、`dropped`（PostgreSQL 拒绝了结果）。code：见[错误码](deliveries.md#错误码)，或 `none`',
    ],
    hookline_trigger_to_first_byte_seconds: [
      "First attempts: from the beginning of the transaction that triggered, by the database's clock, until the first byte of the request was written. It holds what caps, pauses and the application's own transaction took",
      '首次尝试：从触发事务开始（按数据库时钟）到请求的第一个字节写出。包括并发限制、暂停以及应用自身事务所用的时间',
    ],
    hookline_send_seconds: [
      'Calls of endpoints, from look-up and connection to the end of the answer, or the failure',
      '对端点的调用，从域名解析与连接到响应结束或失败',
    ],
    hookline_recorder_batch_results: ['Results that were written together', '一起写入的结果数'],
    hookline_recorder_write_seconds: ['How long that took, with what was tried again', '写入所用时间，含重试'],
    hookline_leases_lost_total: [
      'Leases that had ended, or whose worker had died, and that this worker freed. Each is freed by one: add them up',
      '由本工作进程释放的、已过期或其持有者已死的租约。每个只由一个进程释放：可相加',
    ],
    hookline_rolled_back_transactions_total: [
      'Deadlocks and serialization failures, tried again',
      '死锁与串行化失败，之后重试',
    ],
    hookline_worker_deliveries: [
      'In its memory: `in_flight` (calls under way), `waiting` for their turn',
      '内存中的投递：`in_flight`（调用进行中）、`waiting`（等待轮到）',
    ],
    hookline_loop_looks_total: [
      'Looks of what runs beside deliveries (`retention`, `expiry`, `replays`, `verification`, `follow_ups`, `secrets`): `ok`, `failed`',
      '投递之外的循环（`retention`、`expiry`、`replays`、`verification`、`follow_ups`、`secrets`）的执行：`ok`、`failed`',
    ],
    hookline_loop_last_ok_timestamp_seconds: [
      'When one of them last went well; until then, when it began',
      '各循环上次成功的时间；此前为其开始的时间',
    ],
  },
  api: {
    hookline_http_requests_total: [
      'Answered requests, by the pattern of their route (`/v1/webhooks/:webhook_id`); `method="other",route="unmatched"` where there is none',
      '已响应的请求，按路由模式（`/v1/webhooks/:webhook_id`）；没有路由时为 `method="other",route="unmatched"`',
    ],
    hookline_http_request_seconds: ['How long they took. Streams are left out', '请求所用时间，不含流'],
  },
  process: {
    hookline_build_info: ['Always 1', '始终为 1'],
    hookline_database_up: [
      'Whether PostgreSQL answered within 2 s, be it with an error. No free connection in the pool counts as no answer',
      'PostgreSQL 是否在 2 秒内响应，哪怕是错误。连接池中没有空闲连接视为没有响应',
    ],
    hookline_receiver_store_up: [
      'The same of the database of received AI webhooks',
      '收到的 AI Webhook 所在数据库的同一情况',
    ],
    hookline_pool_connections: [
      'Connections to PostgreSQL: `busy`, `idle`; the embedded database has none',
      '到 PostgreSQL 的连接：`busy`、`idle`；嵌入式数据库没有',
    ],
    hookline_pool_max_connections: ['How many it makes at most', '最多建立多少'],
    hookline_pool_waiting: ['What waits for one just now', '此刻等待连接的数量'],
    hookline_event_loop_busy_seconds_total: [
      'Its rate is the part of a processor that the event loop takes',
      '其速率即事件循环占用处理器的比例',
    ],
  },
} as const satisfies Record<string, Readonly<Record<string, Told>>>;
