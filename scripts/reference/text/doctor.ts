import type { FindingCode } from '../../../src/doctor/catalogue.js';
import type { Told } from '../language.js';

/** What each finding of `hookline doctor` means. */
export const FINDING_TEXTS: Readonly<Record<FindingCode, Told>> = {
  'settings.invalid': [
    'a variable of the environment is wrong, or contradicts another; nothing starts with it',
    '某个环境变量有误，或与另一个矛盾；什么都不会启动',
  ],
  'settings.service_key_missing': [
    "`HOOKLINE_SERVICE_KEY` is not set: the service's routes answer 503",
    '未设置 `HOOKLINE_SERVICE_KEY`：服务路由返回 503',
  ],
  'settings.token_keys_missing': [
    '`HOOKLINE_SERVICE_KEY`, `HOOKLINE_JWT_SECRET` and `HOOKLINE_JWKS_URL` are all missing: nobody can sign in who has no API key yet',
    '`HOOKLINE_SERVICE_KEY`、`HOOKLINE_JWT_SECRET`、`HOOKLINE_JWKS_URL` 均未设置：尚无 API 密钥的人无法登录',
  ],
  'settings.webhook_secret_missing': [
    '`MODELRIVER_WEBHOOK_SECRET` is not set, though `MODELRIVER_API_KEY` is: AI webhooks are answered with 503',
    '设置了 `MODELRIVER_API_KEY` 却未设置 `MODELRIVER_WEBHOOK_SECRET`：AI Webhook 得到 503',
  ],
  'settings.api_key_missing': [
    '`MODELRIVER_API_KEY` is not set, though `MODELRIVER_WEBHOOK_SECRET` is: AI webhooks are answered with 503, and no callbacks are sent',
    '设置了 `MODELRIVER_WEBHOOK_SECRET` 却未设置 `MODELRIVER_API_KEY`：AI Webhook 得到 503，也不发送回调',
  ],
  'settings.all_networks_allowed': [
    '`HOOKLINE_ALLOW_NETWORKS` has `0.0.0.0/0` or `::/0`: deliveries may reach everything that this machine does',
    '`HOOKLINE_ALLOW_NETWORKS` 含 `0.0.0.0/0` 或 `::/0`：投递可到达本机能到达的一切地址',
  ],
  'database.unreachable': [
    'it gives no answer, or the embedded one cannot be opened',
    '没有响应，或嵌入式数据库无法打开',
  ],
  'database.refused': ['it refuses user, password or database', '拒绝了用户、密码或数据库'],
  'database.absent': [
    'there is neither `DATABASE_URL` nor an embedded database',
    '既没有 `DATABASE_URL`，也没有嵌入式数据库',
  ],
  'database.locked': ['another process uses the embedded database', '另一个进程正在使用嵌入式数据库'],
  'database.standby': ['`DATABASE_URL` leads to a standby', '`DATABASE_URL` 指向备库'],
  'database.read_only': ['`default_transaction_read_only` is on', '`default_transaction_read_only` 已打开'],
  'database.too_old': ['the server is older than PostgreSQL 14', '服务器低于 PostgreSQL 14'],
  'database.not_utf8': ['the database has another encoding than UTF8', '数据库编码不是 UTF8'],
  'database.not_durable': [
    '`fsync`, `full_page_writes` or `synchronous_commit` is off: a crash loses what had committed',
    '`fsync`、`full_page_writes` 或 `synchronous_commit` 已关闭：崩溃会丢失已提交的数据',
  ],
  'database.short_timeout': [
    '`statement_timeout` or `lock_timeout` of the login is below ten seconds',
    '登录角色的 `statement_timeout` 或 `lock_timeout` 低于十秒',
  ],
  'disk.full': [
    'the embedded database has less than 64 MiB left; the disk of a server cannot be seen',
    '嵌入式数据库剩余空间不足 64 MiB；服务器的磁盘无法查看',
  ],
  'disk.low': ['it has less than 1 GiB left', '剩余空间不足 1 GiB'],
  'session.pooled': [
    'connections share sessions of the server: a pooler in transaction mode is between',
    '多个连接共用服务器会话：中间有事务模式的连接池',
  ],
  'clock.off': [
    "this machine's clock and the database's differ by five seconds or more",
    '本机时钟与数据库时钟相差五秒或以上',
  ],
  'clock.far_off': ['by a minute or more: tokens are judged wrongly', '相差一分钟或以上：令牌会被误判'],
  'connections.nearly_used': [
    'nine tenths of the connections that logins may have are used',
    '可供登录使用的连接已用去九成',
  ],
  'connections.too_few': [
    'the pools of the workers that live (12 connections each at most) come to more than the server has left',
    '存活工作进程的连接池（每个至多 12 个连接）之和超过服务器剩余的连接数',
  ],
  'connections.limited': [
    'the login or the database has a limit of connections below that',
    '登录角色或数据库的连接上限低于所需',
  ],
  'replication.behind': [
    'a standby is more than 30 seconds behind (seen by logins with `pg_monitor`)',
    '备库落后 30 秒以上（需有 `pg_monitor` 才能看到）',
  ],
  'replication.slot_holds_wal': [
    "a replication slot that nobody reads holds more than 256 MiB of the server's log",
    '无人读取的复制槽占用了 256 MiB 以上的服务器日志',
  ],
  'partitions.late': [
    'no partition of now was made: no worker has run for two weeks, or its locks were never to be had',
    '未建出当前时间的分区：两周没有工作进程运行，或始终拿不到锁',
  ],
  'partitions.unfinished': [
    '`hookline partition deliveries` was begun and not ended',
    '`hookline partition deliveries` 已开始但未完成',
  ],
  'maintenance.autovacuum_off': ['`autovacuum` or `track_counts` is off', '`autovacuum` 或 `track_counts` 已关闭'],
  'maintenance.table_autovacuum_off': ['autovacuum is off for a table of ours', '我们的某张表关闭了 autovacuum'],
  'maintenance.dead_rows': [
    'a table of ours has more than 100,000 dead rows, and more than live ones',
    '我们的某张表有超过 100,000 个死行，且多于活行',
  ],
  'maintenance.old_transaction': [
    'a transaction has been open for more than an hour (seen by logins with `pg_monitor`; of others their own)',
    '某个事务已打开一小时以上（需有 `pg_monitor`；否则只能看到自己的）',
  ],
  'maintenance.prepared_transaction': [
    'a prepared transaction has been left for more than an hour',
    '某个预备事务已搁置一小时以上',
  ],
  'maintenance.wraparound_near': [
    'a database is 1.5 billion transactions past its last freeze; at 2.1 billion nothing can be written',
    '某个数据库距上次冻结已有 15 亿个事务；到 21 亿时将无法写入',
  ],
  'login.lacks_roles': [
    'the login may not take `anon`, `authenticated` or `service_role`',
    '登录角色无法切换为 `anon`、`authenticated` 或 `service_role`',
  ],
  'login.bypasses_policies': ['the login is a superuser, or has BYPASSRLS', '登录角色是超级用户，或有 BYPASSRLS'],
  'login.owns_schema': ['the login owns the schema', '登录角色拥有该模式'],
  'login.inherits': [
    'the login has the rights of `service_role` without taking the role',
    '登录角色不切换角色就有 `service_role` 的权限',
  ],
  'roles.bypass_policies': [
    "`anon` or `authenticated` is not held by Row Level Security: tenants may see each other's rows",
    '`anon` 或 `authenticated` 不受行级安全约束：租户之间可能互相看到数据',
  ],
  'roles.policies_off': [
    'Row Level Security is off, or not forced, for a table of ours',
    '我们的某张表未启用或未强制行级安全',
  ],
  'owner.unusable': ['`HOOKLINE_MIGRATE_DATABASE_URL` cannot be used', '`HOOKLINE_MIGRATE_DATABASE_URL` 无法使用'],
  'owner.does_not_own': ['it logs in as somebody who does not own the schema', '它以不拥有该模式的角色登录'],
  'owner.lacks_roles': ['roles that the migrations could not make or grant', '迁移无法创建或授予的角色'],
  'migrations.none': ['the database has not been migrated', '数据库尚未迁移'],
  'migrations.behind': ['it lacks migrations of this version', '缺少本版本的迁移'],
  'migrations.ahead': [
    'a newer version has migrated it; this one does not start',
    '已被更新的版本迁移；本版本不会启动',
  ],
  'migrations.changed': [
    'a migration was applied with another text than this version has',
    '已执行的某个迁移与本版本的文本不同',
  ],
  'secrets.without_key': [
    'secrets stand in the clear, and `HOOKLINE_SECRET_KEYS` is not set',
    '密钥以明文保存，且未设置 `HOOKLINE_SECRET_KEYS`',
  ],
  'secrets.in_clear': ['secrets stand in the clear, although there is a key', '虽有主密钥，仍有密钥以明文保存'],
  'secrets.earlier_key': [
    'secrets are encrypted with an earlier key: a rotation has not come to its end',
    '密钥仍用较早的主密钥加密：轮换尚未完成',
  ],
  'secrets.key_missing': [
    'secrets are encrypted with a key that `HOOKLINE_SECRET_KEYS` lacks',
    '密钥所用的主密钥不在 `HOOKLINE_SECRET_KEYS` 中',
  ],
  'secrets.key_wrong': ['it has another key under that id', '同一 id 下是另一把主密钥'],
  'workers.none': ['no worker has beaten within 15 seconds', '15 秒内没有工作进程的心跳'],
  'workers.quiet': ['a worker has stopped beating, and was not forgotten yet', '某个工作进程停止了心跳，尚未被清除'],
  'workers.versions_differ': [
    'processes of another version than this are connected (they say so in `application_name`)',
    '连接着其他版本的进程（由 `application_name` 得知）',
  ],
  'queue.stuck': [
    'what nothing holds back has waited for more than five minutes, and nothing is in flight',
    '未被阻挡的投递已等待五分钟以上，且没有正在进行的调用',
  ],
  'queue.behind': ['it has waited for more than a minute', '已等待一分钟以上'],
  'webhooks.unverified': ['active webhooks whose URL nobody has verified', '处于启用状态但 URL 未经验证的 Webhook'],
  'webhooks.failing': ['webhooks that have only failed for more than a day', '持续失败一天以上的 Webhook'],
  'webhooks.breaker_open': ['webhooks whose breaker is open', '熔断器已打开的 Webhook'],
  'redis.unreachable': [
    'Redis gives no answer; deliveries come straight from PostgreSQL',
    'Redis 没有响应；投递直接来自 PostgreSQL',
  ],
  'redis.too_old': ['Redis is older than 6.2', 'Redis 低于 6.2'],
  'redis.evicts': ['`maxmemory-policy` is not `noeviction`', '`maxmemory-policy` 不是 `noeviction`'],
  'redis.replica': ['`REDIS_URL` leads to a replica', '`REDIS_URL` 指向副本'],
  'redis.refuses_writes': [
    'Redis could not save what it holds, and takes no writes',
    'Redis 无法保存数据，因而拒绝写入',
  ],
  'redis.nearly_full': ['nine tenths of `maxmemory` are used', '`maxmemory` 已用去九成'],
  'receiver.unreachable': ['the store of AI webhooks gives no answer', 'AI Webhook 的存储没有响应'],
  'receiver.not_migrated': ['it lacks the table, or columns of it', '缺少该表或其中的列'],
  'callbacks.late': ['callbacks have been due for more than five minutes', '有回调逾期五分钟以上'],
  'callbacks.given_up': [
    'callbacks of the last day failed for good, or were refused for their origin',
    '最近一天有回调最终失败，或因来源被拒绝',
  ],
  'callbacks.without_key': [
    'callbacks wait, and `MODELRIVER_API_KEY` is not set',
    '有回调在等待，而 `MODELRIVER_API_KEY` 未设置',
  ],
  'doctor.check_failed': ['an area could not be looked at, and why', '某一项无法检查，并给出原因'],
};
