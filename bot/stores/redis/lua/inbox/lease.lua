-- ARGV: the token to lease with, after how many milliseconds the lease runs out.
-- Gives the attempt, the id, the body, the failures and the waits of the message that is leased, and how many microseconds
-- ago it was put; when there is none "0",
-- the permit behind which a new one would stand, and in how many milliseconds a thread falls due that waits for later, or
-- -1.
local token, lasts = ARGV[2], ARGV[3]
local at = now()
prepare()

-- Not all at once: after an outage there may be a great many, and whoever asks next brings more.
for _, thread in ipairs(redis.call('ZRANGEBYSCORE', LATER, '-inf', at, 'LIMIT', 0, 100)) do
  redis.call('ZREM', LATER, thread)
  offer(thread)
end

local permit, id
local expired = redis.call('XPENDING', PERMITS, GROUP, 'IDLE', IDLE, '-', '+', 1)[1]
if expired then
  permit = expired[1]
  id = redis.call('HGET', HELD, permit)
else
  local read = redis.call('XREADGROUP', 'GROUP', GROUP, CONSUMER, 'COUNT', 1, 'STREAMS', PERMITS, '>')
  if not read then
    local last = redis.call('XREVRANGE', PERMITS, '+', '-', 'COUNT', 1)[1]
    local due = redis.call('ZRANGE', LATER, 0, 0, 'WITHSCORES')[2]
    return { '0', last and last[1] or '0-0', due and exact(math.ceil((due - at) / 1000)) or '-1' }
  end
  permit = read[1][2][1][1]
  id = redis.call('LINDEX', thread_key(redis.call('ZPOPMIN', READY)[1]), 0)
  redis.call('HSET', HELD, permit, id)
end
lend(permit, lasts)
redis.call('ZREM', WAITING, id)

-- An older program beside this one does not keep those that wait by turn: what it put is missing there, what it leased
-- or ended is there still. All of them are told from those that are open, whose turn then is when they were put.
if redis.call('ZCARD', WAITING) ~= redis.call('ZCARD', OPEN) - redis.call('HLEN', HELD)
  and redis.call('SET', ARGV[1] .. 'mended', 'x', 'NX', 'PX', 1000) then
  redis.call('ZINTERSTORE', WAITING, 2, WAITING, OPEN, 'WEIGHTS', 1, 0)
  redis.call('ZUNIONSTORE', WAITING, 2, WAITING, OPEN, 'AGGREGATE', 'MAX')
  for _, held in ipairs(redis.call('HVALS', HELD)) do
    redis.call('ZREM', WAITING, held)
  end
end

local key = message_key(id)
redis.call('HDEL', key, 'act')
redis.call('HSET', key, 'state', 'held', 'token', token, 'permit', permit)
local attempt = redis.call('HINCRBY', key, 'attempts', 1)
local body, failures, waits, put = unpack(redis.call('HMGET', key, 'body', 'failures', 'waits', 'put'))
return { tostring(attempt), id, body, failures, waits or '0', exact(math.max(0, at - put)) }
