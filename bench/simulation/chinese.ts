import { translated, type Wording } from './wording.js';

/** For docs/zh-CN/scale.md. */
export const chinese: Wording = translated(
  {
    'Checked against real runs': '与真实运行的对照',
    'One worker, PostgreSQL {postgres} and the endpoints on one machine ({cpu}, {cores} cores, Node.js {node}) on {date}; the simulation shares out the same cores and knows nothing but the costs below. One seed; of the real runs medians.':
      '{date}，一个工作进程、PostgreSQL {postgres} 和端点都在同一台机器上（{cpu}，{cores} 个核心，Node.js {node}）；模拟分配的是同样的核心，除下面的代价外一无所知。模拟用一个种子；真实运行取中位数。',
    '**Other work had most of this machine meanwhile** (load average {load} at the end). What was measured by the clock is of no use in this run, since the simulation has the cores to itself; CPU time is. Costs are those of a crowded machine, too high rather than too low.':
      '**其间这台机器大部分被别的工作占用**（结束时平均负载 {load}）。这次运行中按时钟测得的数字没有用处，因为模拟独占这些核心；CPU 时间有用。代价是拥挤的机器上的，只会偏高，不会偏低。',
    'What things cost': '各项代价',
    'What a load needs': '一定负载所需',
    'Unless a line says otherwise: an event reaches {fanOut} webhooks, payloads of {payloadBytes} bytes, endpoints that take {median} ms (log-normal, σ {sigma}), {failing} % of the calls fail at once and {hanging} % hang for {timeoutSeconds} s, {attempts} attempts, kept for {retentionDays} days. Machines are used to {used} %.':
      '除非某一行另有说明：一个事件到达 {fanOut} 个 Webhook，载荷 {payloadBytes} 字节，端点响应需要 {median} 毫秒（对数正态分布，σ {sigma}），{failing}% 的调用立即失败，{hanging}% 挂起 {timeoutSeconds} 秒，最多 {attempts} 次尝试，保留 {retentionDays} 天。机器用到 {used}%。',
    '“Databases” is how many the load is spread over when one may have {cores} cores, {walMBs} MB/s of write-ahead log and {connections} connections: these limits are assumptions. What one database is short of comes with the shortest first. Disk is a matter of how long deliveries are kept.':
      '“数据库”是负载要分到几个数据库上，假定一个最多有 {cores} 个核心、每秒 {walMBs} MB 预写日志和 {connections} 个连接：这些上限是假设。一个数据库缺什么，最缺的排在前面。磁盘取决于投递保留多久。',
    'The same at 10,000 deliveries/s with one thing changed:': '每秒 10,000 次投递，只改变一项：',
    'How deliveries wait': '投递等待多久',
    'A part of the installation at 10,000 deliveries/s, as large as {calls} calls/s, simulated for {seconds} s from the first event on, when it has what the table says.':
      '每秒 10,000 次投递的安装中，相当于每秒 {calls} 次调用的一部分；具备表中所列的资源，从第一个事件起模拟 {seconds} 秒。',
    '{calls} calls/s, {workers} workers, {cores} cores of PostgreSQL':
      '每秒 {calls} 次调用，{workers} 个工作进程，PostgreSQL {cores} 个核心',

    'operating point': '工作点',
    figure: '数字',
    predicted: '预测',
    measured: '测得',
    'predicted over measured': '预测 / 测得',
    rounds: '各轮',
    'a backlog, endpoints answer at once': '有积压，端点立即响应',
    'a backlog, endpoints take 100 ms': '有积压，端点响应需要 100 毫秒',
    '200 single events/s, endpoints take 50 ms': '每秒 200 个单独的事件，端点响应需要 50 毫秒',
    'deliveries/s': '每秒投递数',
    'ms until all is recorded': '到全部写入为止，毫秒',
    'ms from commit to call, p50': '从提交到调用，p50，毫秒',
    'ms from commit to call, p99': '从提交到调用，p99，毫秒',
    'µs of CPU a delivery, worker': '一次投递的 CPU，工作进程，µs',
    'µs of CPU a delivery, PostgreSQL': '一次投递的 CPU，PostgreSQL，µs',

    cost: '代价',
    'worker, µs of CPU for a delivery of a large batch': '工作进程：大批次中一次投递的 CPU，µs',
    '… for each claim, record, or look that finds nothing': '…… 每次领取、写入，或一无所获的查看',
    'PostgreSQL, µs of CPU for claiming and recording a delivery in large batches':
      'PostgreSQL：大批次中领取并写入一次投递的 CPU，µs',
    'PostgreSQL, µs of CPU for an event by itself that reaches one webhook':
      'PostgreSQL：到达一个 Webhook 的单独事件的 CPU，µs',
    '… for each delivery of a statement that makes many': '…… 一条语句产生许多投递时，每次投递',
    'ms that an event waits besides: for the disk, the connection, and for a core where others are busy':
      '一个事件另外等待的毫秒数：等磁盘、等连接，以及别的进程忙时等核心',
    '… that a transaction of the worker waits, which asks several times':
      '…… 工作进程的一个事务另外等待的毫秒数，它要往返几次',
    'endpoints of the bench, µs of CPU for a call': '基准测试的端点：一次调用的 CPU，µs',
    'write-ahead log, bytes for a delivery without its payload': '预写日志：一次投递的字节数，不计载荷',
    '… for each byte of the payload': '…… 载荷的每个字节',
    'tables and indexes, bytes for a delivery without its payload': '表和索引：一次投递的字节数，不计载荷',
    'connections to PostgreSQL of a worker under load': '负载下一个工作进程到 PostgreSQL 的连接数',

    load: '负载',
    'calls in flight': '进行中的调用',
    workers: '工作进程',
    connections: '连接',
    'PostgreSQL cores': 'PostgreSQL 核心',
    'WAL MB/s': '预写日志 MB/s',
    'stored TB': '存储 TB',
    'out Mbit/s': '出站 Mbit/s',
    databases: '数据库',
    'one is short of': '一个缺什么',
    nothing: '不缺',
    'PostgreSQL’s cores': 'PostgreSQL 的核心',
    'its write-ahead log': '预写日志',
    'its connections': '连接',
    'endpoints take 20 ms': '端点响应需要 20 毫秒',
    'endpoints take 1 s': '端点响应需要 1 秒',
    '2 % of the calls hang for 30 s': '2% 的调用挂起 30 秒',
    'a fifth of the calls fails': '五分之一的调用失败',
    'payloads of 500 bytes': '载荷 500 字节',
    'payloads of 20 KB': '载荷 20 KB',
    'an event reaches 1 webhook': '一个事件到达 1 个 Webhook',
    'an event reaches 100 webhooks': '一个事件到达 100 个 Webhook',
    'kept for 30 days': '保留 30 天',

    simulated: '模拟的是',
    'commit → call, p50 ms': '提交 → 调用，p50，毫秒',
    'p99 ms': 'p99，毫秒',
    'most calls in flight': '同时进行的调用最多',
    'PostgreSQL busy': 'PostgreSQL 忙碌',
    'workers busy': '工作进程忙碌',
  },
  '、',
);
