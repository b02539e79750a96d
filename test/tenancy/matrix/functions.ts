import { calls } from '../notation.js';

/** What users call. */
export const USER_CALLS = calls(`
  call                                                                   anon     owner     stranger  no-user  service
  public.create_webhook('n', 'https://a.example')                        refused  writes:1  writes:1  HK003    HK003
  public.create_webhook('n', 'https://a.example', '', '{credit.added}')  refused  writes:1  writes:1  HK003    HK003
  public.create_webhook('n', 'ftp://a.example')                          refused  HK011     HK011     HK003    HK003
  public.subscribe_webhook_events($hook, '{credit.added}')               refused  writes:1  HK002     HK002    writes:1
  public.subscribe_webhook_events($hook, '{video.generated}')            refused  reads:1   HK002     HK002    reads:1
  public.subscribe_webhook_events($hook, '{no.such}')                    refused  HK001     HK002     HK002    HK001
  public.unsubscribe_webhook_events($hook, '{video.generated}')          refused  writes:1  HK002     HK002    writes:1
  public.unsubscribe_webhook_events($hook, '{no.such}')                  refused  reads:1   HK002     HK002    reads:1
  public.get_webhook_statistics($hook)                                   refused  reads:1   HK002     HK002    reads:1
  public.get_webhook_statistics($hook, 0)                                refused  HK008     HK002     HK002    HK008
  public.retry_failed_delivery($delivery)                                refused  writes:1  reads:1   reads:1  writes:1
  public.retry_failed_delivery($waiting)                                 refused  reads:1   reads:1   reads:1  reads:1
  public.rotate_webhook_secret($hook)                                    refused  writes:1  HK002     HK002    writes:1
  public.rotate_webhook_secret($hook, '-1 hour')                         refused  HK008     HK002     HK002    HK008
  public.end_webhook_secret_overlap($hook)                               refused  writes:1  HK002     HK002    writes:1
  public.end_webhook_secret_overlap($other_hook)                         refused  reads:1   HK002     HK002    reads:1
  public.set_webhook_headers($hook, '{"X-Key": "secret"}')               refused  writes:1  HK002     HK002    writes:1
  public.set_webhook_headers($hook, '{"Host": "a.example"}')             refused  HK023     HK002     HK002    HK023
  public.request_webhook_verification($hook)                             refused  writes:1  HK002     HK002    writes:1
  public.get_webhook_hourly_statistics($hook)                            refused  reads:1   HK002     HK002    reads:1
  public.get_webhook_hourly_statistics($hook, 0)                         refused  HK008     HK002     HK002    HK008
  public.get_overall_statistics()                                        refused  reads:1   reads:1   HK003    reads:1
  public.get_overall_statistics(24, $owner)                              refused  reads:1   refused   HK003    reads:1
  public.get_overall_statistics(0)                                       refused  HK008     HK008     HK003    HK008
  public.get_webhook_queue()                                             refused  reads:1   reads:1   HK003    reads:1
  public.get_webhook_queue($owner)                                       refused  reads:1   refused   HK003    reads:1
  public.send_test_webhook_event($hook)                                  refused  writes:1  HK002     HK002    writes:1
  public.send_test_webhook_event($hook, 'no.such')                       refused  HK001     HK002     HK002    HK001
  public.count_webhook_replay($hook, '-infinity')                        refused  reads:1   HK002     HK002    reads:1
  public.count_webhook_replay($hook, NULL)                               refused  HK008     HK002     HK002    HK008
  public.create_webhook_replay($hook, '-infinity')                       refused  writes:1  HK002     HK002    writes:1
  public.create_webhook_replay($hook, '2020-01-01', 'no such')           refused  HK008     HK002     HK002    HK008
  public.create_webhook_replay($hook, 'infinity', p_rate_per_second:=0)  refused  HK008     HK002     HK002    HK008
  public.cancel_webhook_replay($event)                                   refused  HK013     HK013     HK013    HK013
  public.webhook_event_created_at($event)                                refused  reads:1   reads:0   reads:0  reads:1
  public.create_webhook_api_key('n', 'read')                             refused  writes:1  writes:1  HK003    HK003
  public.create_webhook_api_key('n', 'all')                              refused  HK008     HK008     HK003    HK003
  public.create_webhook_api_key('n', 'read', NULL, $my_id)               refused  writes:1  writes:1  refused  writes:1
  public.create_webhook_api_key('n', 'read', NULL, $owner)               refused  writes:1  refused   refused  writes:1
  public.revoke_webhook_access_token($token)                             refused  writes:1  HK015     HK015    writes:1
`);

/** What the service calls. */
export const SERVICE_CALLS = calls(`
  call                                                            anon     owner    stranger  no-user  service
  public.trigger_webhook_event('video.generated', '{}')           refused  refused  refused   refused  writes:3
  public.trigger_webhook_event('video.generated', '{}', $my_id)   refused  refused  refused   refused  writes:2
  public.get_pending_webhook_retries()                            refused  refused  refused   refused  writes:1
  public.complete_webhook_delivery($delivery, 200)                refused  refused  refused   refused  writes:1
  public.complete_webhook_delivery(gen_random_uuid(), 200)        refused  refused  refused   refused  reads:1
  hookline.trigger_event('video.generated', '{}', NULL, 'a key')  refused  refused  refused   refused  writes:1
  hookline.trigger_event('no.such', '{}')                         refused  refused  refused   refused  HK001
  hookline.trigger_events('{video.generated}', '{"{}"}', '{NULL}', '{NULL}', '{a key}', '{NULL}')  refused  refused  refused  refused  reads:1
  hookline.trigger_events('{credit.consumed}', '{"{}"}', ARRAY[$my_id], '{NULL}', '{NULL}', '{""}')  refused  refused  refused  refused  reads:1
  hookline.emit_stored_event($content, '{}')                      refused  refused  refused   refused  writes:1
  hookline.emit_event('video.generated', '{}', $my_id::text)      refused  refused  refused   refused  writes:1
  hookline.lease_due(NULL, 9, 9, 9999, false, '1 minute')         refused  refused  refused   refused  writes:3
  hookline.lease_due($event, 9, 9, 9999, false, '1 minute', ARRAY[$hook])  refused  refused  refused  refused  writes:2
  hookline.take_over($event, '{}', '{}', 9, 9999)                 refused  refused  refused   refused  reads:0
  hookline.free_leases('{}', true)                                refused  refused  refused   refused  reads:1
  hookline.record_results('{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}', true)  refused  refused  refused  refused  reads:0
  hookline.record_attempts('[]', true)                            refused  refused  refused   refused  reads:0
  hookline.fail_waiting(9)                                        refused  refused  refused   refused  reads:1
  hookline.free_dead_leases()                                     refused  refused  refused   refused  writes:1
  hookline.forget_leases('{}')                                    refused  refused  refused   refused  reads:1
  hookline.caps_are_counted()                                     refused  refused  refused   refused  reads:1
  hookline.lease_verifications(9, '{}')                           refused  refused  refused   refused  writes:2
  hookline.record_verification($hook, 'no token', NULL, NULL)     refused  refused  refused   refused  reads:1
  hookline.live_signing_keys()                                    refused  refused  refused   refused  reads:1
  hookline.make_first_signing_key('', '')                         refused  refused  refused   refused  reads:1
  hookline.rotate_signing_key(decode(repeat('00', 48), 'hex'), decode(repeat('00', 32), 'hex'))  refused  refused  refused  refused  writes:1
  hookline.secret_key_of('a')                                     refused  refused  refused   refused  reads:1
  hookline.register_secret_key('k1', 'a proof')                   refused  refused  refused   refused  writes:1
  hookline.has_secrets_in_clear()                                 refused  refused  refused   refused  reads:1
  hookline.count_secrets()                                        refused  refused  refused   refused  reads:3
  hookline.lock_secrets('headers', NULL, 'k1', false, 9)          refused  refused  refused   refused  reads:2
  hookline.put_secrets('headers', '{}', '[]', NULL)               refused  refused  refused   refused  reads:1
  hookline.put_secrets('headers', '{}', '[]', 'k1')               refused  refused  refused   refused  HK051
  hookline.forget_secret_keys('{}')                               refused  refused  refused   refused  reads:0
  hookline.forget_signing_keys()                                  refused  refused  refused   refused  reads:1
  hookline.url_safe('')                                           refused  refused  refused   refused  reads:1
  hookline.known_user('nobody')                                   refused  refused  refused   refused  reads:1
  hookline.walk_users(NULL, NULL, NULL, 1, 9)                     refused  refused  refused   refused  reads:1
  hookline.user_of('ours')                                        refused  refused  refused   refused  reads:1
  hookline.user_of('nobody')                                      refused  refused  refused   refused  HK010
  hookline.ensure_user($my_id::text)                              refused  refused  refused   refused  reads:1
  hookline.remove_expired(9)                                      refused  refused  refused   refused  reads:1
  hookline.count_expired()                                        refused  refused  refused   refused  reads:1
  hookline.partitions()                                           refused  refused  refused   refused  reads:4
  hookline.make_partition()                                       refused  refused  refused   refused  reads:1
  hookline.drop_partition()                                       refused  refused  refused   refused  reads:0
  hookline.erase_user($my_id)                                     refused  refused  refused   refused  writes:11
  hookline.remove_old_audit(9)                                    refused  refused  refused   refused  reads:1
  hookline.room_of($my_id)                                        refused  refused  refused   refused  reads:1
  hookline.refuse_full_backlog($my_id)                            refused  refused  refused   refused  reads:1
  hookline.full_users()                                           refused  refused  refused   refused  reads:1
  hookline.count_skipped('video.generated', '{}', '{}')           refused  refused  refused   refused  reads:1
  hookline.create_access_token('portal_token', $my_id, NULL, 'read', '1 hour')  refused  refused  refused  refused  writes:1
  hookline.create_access_token('api_key', $event, 'n', 'read', NULL)  refused  refused  refused   refused  HK010
  hookline.advance_replay($event)                                 refused  refused  refused   refused  reads:0
  hookline.check_event_type('no.such')                            refused  refused  refused   refused  HK001
  hookline.check_payload('{}')                                    refused  refused  refused   refused  reads:1
  hookline.fan_out($event, 'video.generated', '{}', NULL)         refused  refused  refused   refused  writes:3
  hookline.is_service()                                           refused  refused  refused   refused  reads:1
  hookline.generate_secret()                                      refused  refused  refused   refused  reads:1
  hookline.live_secrets('a', '{b}', '{2100-01-01}')               refused  refused  refused   refused  reads:1
  hookline.filter_problem('{}')                                   refused  refused  refused   refused  reads:1
  hookline.filter_matches('{}', '{}')                             refused  refused  refused   refused  reads:1
  hookline.operator_matches('', '1', '1')                         refused  refused  refused   refused  reads:1
  hookline.condition_cost('@>', '1', '1')                         refused  refused  refused   refused  reads:1
  hookline.filter_step('{}', '{}', 1)                             refused  refused  refused   refused  reads:1
  hookline.all_hold('[]')                                         refused  refused  refused   refused  reads:1
  hookline.explain_condition('', '', '1', '1', '1', 1)            refused  refused  refused   refused  reads:1
  hookline.explain_group('', '', '{}', '[]', true)                refused  refused  refused   refused  reads:1
  hookline.explain_filter('{"a": 1}', '{}', '', 1)                refused  refused  refused   refused  reads:1
  hookline.test_filter('{"a": 1}', '[{}]')                        refused  refused  refused   refused  reads:1
  hookline.test_filter('[]', '[{}]')                              refused  refused  refused   refused  HK006
  hookline.retry_delay(1, 1, 1)                                   refused  refused  refused   refused  reads:1
`);

/** What only other functions and the migrations call, with their owner's rights. */
export const INNER_CALLS = calls(`
  call                                                     anon     owner    stranger  no-user  service
  hookline.protect('public.webhooks')                      refused  refused  refused   refused  refused
  hookline.raise_unknown_event_types('{no.such}')          refused  refused  refused   refused  refused
  hookline.partition_bound_after(now())                    refused  refused  refused   refused  refused
  hookline.partition_is_held('public.webhook_deliveries', 'public.webhook_deliveries', now(), now())  refused  refused  refused  refused  refused
  hookline.tables_to_clean('1 day')                        refused  refused  refused   refused  refused
  hookline.remove_ended('failed', '1 day', 9)              refused  refused  refused   refused  refused
  hookline.event_retention()                               refused  refused  refused   refused  refused
  hookline.names_user('{}', $my_id, 'x')                   refused  refused  refused   refused  refused
  hookline.audit_origin()                                  refused  refused  refused   refused  refused
  hookline.audit_value('url', '1')                         refused  refused  refused   refused  refused
  hookline.audit_changes('{}', '{}', '{}', '{}')           refused  refused  refused   refused  refused
  hookline.backlog_of($my_id, 9)                           refused  refused  refused   refused  refused
  hookline.nearly_full('{}')                               refused  refused  refused   refused  refused
  hookline.sample_of(9)                                    refused  refused  refused   refused  refused
  hookline.require_sign_in()                               refused  refused  refused   refused  refused
  hookline.measure_replay($hook, now(), 'all', now())      refused  refused  refused   refused  refused
  hookline.deliveries_to_replay($my_id, $hook, 'all', now(), $event, now(), 9)  refused  refused  refused  refused  refused
  hookline.add_signing_key('', '')                         refused  refused  refused   refused  refused
  hookline.latency_percentiles('{1}')                      refused  refused  refused   refused  refused
  hookline.ended_by_hour($hook, NULL, now())               refused  refused  refused   refused  refused
  hookline.whose_figures($my_id)                           refused  refused  refused   refused  refused
  hookline.header_problems('{}')                           refused  refused  refused   refused  refused
  hookline.origin()                                        refused  refused  refused   refused  refused
  hookline.wake_worker()                                   refused  refused  refused   refused  refused
  hookline.count_leases()                                  refused  refused  refused   refused  refused
  hookline.count_together('{}')                            refused  refused  refused   refused  refused
  hookline.count_ended('{}')                               refused  refused  refused   refused  refused
  hookline.ordering_key('/a', '{}')                        refused  refused  refused   refused  refused
  hookline.payload_bytes('{}')                             refused  refused  refused   refused  refused
  hookline.make_due_ready(9)                               refused  refused  refused   refused  refused
  hookline.first_of_each_key($my_id, $hook, 9)             refused  refused  refused   refused  refused
  hookline.next_turns(9, '{}', '{}', '{}', '{}', '{}')     refused  refused  refused   refused  refused
  hookline.within_caps('{}', true)                         refused  refused  refused   refused  refused
  hookline.within_rates('{}')                              refused  refused  refused   refused  refused
  hookline.follow_answers('{}', '{}', '{}', '{}', '{}')    refused  refused  refused   refused  refused
`);

/** What triggers call. */
export const TRIGGER_CALLS = calls(`
  call                              anon     owner    stranger  no-user  service
  hookline.touch_updated_at()       refused  refused  refused   refused  refused
  hookline.check_webhook_quota()    refused  refused  refused   refused  refused
  hookline.guard_webhook()          refused  refused  refused   refused  refused
  hookline.follow_webhook_change()  refused  refused  refused   refused  refused
  hookline.verify_new_webhook()     refused  refused  refused   refused  refused
  hookline.verification_relaxed()   refused  refused  refused   refused  refused
  hookline.webhook_activated()      refused  refused  refused   refused  refused
  hookline.keep_endpoint()          refused  refused  refused   refused  refused
  hookline.note_secret_key()        refused  refused  refused   refused  refused
  hookline.refuse_worker_without_keys()  refused  refused  refused  refused  refused
  hookline.deliveries_counted()     refused  refused  refused   refused  refused
  hookline.webhook_reordered()      refused  refused  refused   refused  refused
  hookline.close_breaker()          refused  refused  refused   refused  refused
  hookline.check_subscription()     refused  refused  refused   refused  refused
  hookline.guard_subscription()     refused  refused  refused   refused  refused
  hookline.refuse_truncate()        refused  refused  refused   refused  refused
  hookline.complete_delivery()      refused  refused  refused   refused  refused
  hookline.deliveries_inserted()    refused  refused  refused   refused  refused
  hookline.deliveries_updated()     refused  refused  refused   refused  refused
  hookline.delivery_redated()       refused  refused  refused   refused  refused
  hookline.deliveries_deleted()     refused  refused  refused   refused  refused
  hookline.deliveries_truncated()   refused  refused  refused   refused  refused
  hookline.check_payload_schemas()  refused  refused  refused   refused  refused
  hookline.look_for_watchers()      refused  refused  refused   refused  refused
  hookline.mark_watched()           refused  refused  refused   refused  refused
  hookline.note_delivery_change()   refused  refused  refused   refused  refused
  hookline.set_content_owner()      refused  refused  refused   refused  refused
  hookline.audit()                  refused  refused  refused   refused  refused
  hookline.refuse_audit_change()    refused  refused  refused   refused  refused
`);
