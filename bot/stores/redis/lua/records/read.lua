-- Gives the body and the revision, or nothing.
local body, revision = unpack(redis.call('HMGET', KEYS[1], 'body', 'revision'))
return body and { body, revision } or {}
