import { httpCalls } from './notation.js';

/** Every operation of the OpenAPI document, at least once; a test says which are missing. */
export const HTTP_CALLS = httpCalls(`
  call                                                      anon  owner  reader  stranger  service  body
  GET     /openapi.json                                     200   200    200     200       200
  GET     /healthz                                          200   200    200     200       200
  GET     /readyz                                           200   200    200     200       200
  GET     /.well-known/webhook-keys                         200   200    200     200       200
  POST    /v1/events                                        401   403    403     403       202      {"type": "video.generated", "payload": {}, "user_id": "$owner"}
  GET     /v1/webhooks                                      401   200    200     200       200
  GET     /v1/webhooks?user_id=$owner                       401   403    403     403       200
  POST    /v1/webhooks                                      401   201    403     201       400      {"name": "n", "url": "https://a.example", "event_types": ["video.failed"]}
  POST    /v1/webhooks                                      401   403    403     403       201      {"name": "n", "url": "https://a.example", "user_id": "$owner"}
  GET     /v1/webhooks/$hook                                401   200    200     404       200
  PATCH   /v1/webhooks/$hook                                401   200    403     404       200      {"name": "renamed", "url": "https://b.example"}
  DELETE  /v1/webhooks/$hook                                401   204    403     404       204
  GET     /v1/webhooks/$hook/secret                         401   200    403     404       200
  POST    /v1/webhooks/$hook/secret/rotate                  401   200    403     404       200      {}
  POST    /v1/webhooks/$hook/secret/end-overlap             401   200    403     404       200
  POST    /v1/webhooks/$hook/verify                         401   202    403     404       202
  POST    /v1/webhooks/$hook/test                           401   202    403     404       202      {}
  GET     /v1/webhooks/$hook/subscriptions                  401   200    200     404       200
  GET     /v1/webhooks/$hook/subscriptions/video.generated  401   200    200     404       200
  PUT     /v1/webhooks/$hook/subscriptions/video.generated  401   200    403     404       200      {"filters": {"a": 1}}
  PUT     /v1/webhooks/$hook/subscriptions/credit.added     401   201    403     404       201      {}
  PATCH   /v1/webhooks/$hook/subscriptions/video.generated  401   200    403     404       200      {"is_active": false}
  DELETE  /v1/webhooks/$hook/subscriptions/video.generated  401   204    403     404       204
  GET     /v1/webhooks/$hook/statistics                     401   200    200     404       200
  GET     /v1/webhooks/$hook/statistics/hourly              401   200    200     404       200
  GET     /v1/webhooks/$hook/headers                        401   200    200     404       200
  PUT     /v1/webhooks/$hook/headers                        401   200    403     404       200      {"headers": {"X-Key": "v"}}
  DELETE  /v1/webhooks/$hook/headers                        401   204    403     404       204
  GET     /v1/event-types                                   401   200    200     200       200
  GET     /v1/event-types/video.generated                   401   200    200     200       200
  POST    /v1/event-types                                   401   403    403     403       201      {"event_type": "$new_type", "category": "test"}
  PATCH   /v1/event-types/$event_type                       401   403    403     403       200      {"description": "changed"}
  DELETE  /v1/event-types/$event_type                       401   403    403     403       204
  POST    /v1/event-types/$event_type/check                 401   200    200     200       200      {"payload": {}}
  POST    /v1/filters/test                                  401   200    200     200       200      {"filters": {"a": 1}, "payloads": [{"a": 1}]}
  GET     /v1/ai-content                                    401   200    200     200       200
  GET     /v1/ai-content?user_id=$owner                     401   403    403     403       200
  GET     /v1/ai-content/$content                           401   200    200     404       200
  GET     /v1/deliveries                                    401   200    200     200       200
  GET     /v1/deliveries?webhook_id=$hook                   401   200    200     200       200
  GET     /v1/deliveries/$delivery                          401   200    200     404       200
  GET     /v1/deliveries/$delivery/attempts                 401   200    200     404       200
  POST    /v1/deliveries/$delivery/retry                    401   202    403     404       202
  GET     /v1/deliveries?response_status=none               401   200    200     200       200
  GET     /v1/deliveries/$delivery/body                     401   200    200     404       200
  GET     /v1/deliveries/stream                             401   200    200     200       200
  GET     /v1/webhooks/$hook/replays                        401   200    200     404       200
  POST    /v1/webhooks/$hook/replays                        401   202    403     404       202      {"since": "2020-01-01T00:00:00Z", "status": "all"}
  GET     /v1/replays/$replay                               401   200    200     404       200
  POST    /v1/replays/$replay/cancel                        401   200    403     404       200
  GET     /v1/replays                                       401   200    200     200       200
  GET     /v1/replays?user_id=$owner                        401   403    403     403       200
  GET     /v1/statistics                                    401   200    200     200       200
  GET     /v1/statistics?user_id=$owner                     401   403    403     403       200
  GET     /v1/queue                                         401   200    200     200       200
  GET     /v1/queue?user_id=$owner                          401   403    403     403       200
  GET     /v1/webhooks?condition=unverified                 401   200    200     200       200
  GET     /v1/workers                                       401   403    403     403       200
  GET     /v1/users                                         401   403    403     403       200
  POST    /v1/api-keys                                      401   201    403     201       400      {"name": "k", "access": "write"}
  POST    /v1/api-keys                                      401   403    403     403       201      {"name": "k", "access": "write", "user_id": "$owner"}
  GET     /v1/api-keys                                      401   200    200     200       200
  GET     /v1/api-keys/$api_key                             401   200    200     404       200
  DELETE  /v1/api-keys/$api_key                             401   204    403     404       204
  POST    /v1/portal-tokens                                 401   403    403     403       201      {"access": "read", "user_id": "$owner"}
  GET     /v1/portal-tokens                                 401   403    403     403       200
  GET     /v1/portal-tokens/$portal_token                   401   403    403     403       200
  DELETE  /v1/portal-tokens/$portal_token                   401   403    403     403       204
  POST    /v1/session                                       401   401    401     401       401      {"token": "hk_unknown"}
  GET     /v1/session                                       401   200    200     200       200
  DELETE  /v1/session                                       204   204    204     204       204
  GET     /v1/signing-keys                                  401   403    403     403       200
  POST    /v1/signing-keys/rotate                           401   403    403     403       200      {}
  GET     /v1/audit                                         401   200    200     200       200
  GET     /v1/audit?user_id=$owner                          401   403    403     403       200
`);
