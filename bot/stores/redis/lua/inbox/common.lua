-- What every script of the inbox begins with.
--
-- KEYS, the same for all: the stream of permits, and of threads those that are ready and those that wait for later;
-- of messages those that are open, those that are held (by permit), those that are dead, those that wait (by turn).
-- ARGV[1]: what every key of the inbox begins with. Keys of one message, thread or person are built from it, because
-- which ones a script needs often stands in a message that it reads; they have the hash tag, and so the slot, of KEYS.
--
-- Times are microseconds since 1970 by this server's clock. Lua holds them exactly but does not print them so: they go
-- through redis.call as numbers, and through `exact` as text.
local PERMITS, READY, LATER, OPEN, HELD, DEAD, WAITING = unpack(KEYS)
local GROUP, CONSUMER = 'workers', 'worker'

-- Milliseconds after which a pending permit is taken from who has it. Each lease may last differently long, so a permit
-- that is given out is marked as idle for so much already that only the lease's time is left: see `lend`.
local IDLE = 86400000

local function message_key(id)
  return ARGV[1] .. 'message:' .. id
end

local function thread_key(thread)
  return ARGV[1] .. 'thread:' .. thread
end

-- The turns of a person's open messages.
local function turns_key(person)
  return ARGV[1] .. 'turns:' .. person
end

local function reply_key(id)
  return ARGV[1] .. 'reply:' .. id
end

local function exact(number)
  return string.format('%.0f', number)
end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Makes the stream and its group where there is none, as on a server that lost its data.
local function prepare()
  if redis.call('EXISTS', PERMITS) == 0 then
    redis.call('XGROUP', 'CREATE', PERMITS, GROUP, '0', 'MKSTREAM')
  end
end

-- A message that an older program put has no turn of its own.
local function turn_of(id)
  local turn, put = unpack(redis.call('HMGET', message_key(id), 'turn', 'put'))
  return tonumber(turn or put)
end

-- Gives an open message its turn: at once, or `apart` microseconds behind its person's last.
local function line_up(id, person, at, apart)
  local key = turns_key(person)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', at - apart)
  local last_id, last = unpack(redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES'))
  -- An older program leaves in it what it ends.
  while last_id and not redis.call('ZSCORE', OPEN, last_id) do
    redis.call('ZREM', key, last_id)
    last_id, last = unpack(redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES'))
  end
  local turn = last and last + apart or at
  redis.call('HSET', message_key(id), 'turn', turn)
  redis.call('ZADD', WAITING, turn, id)
  redis.call('ZADD', key, turn, id)
  -- From then on it decides nothing.
  redis.call('PEXPIREAT', key, exact(math.ceil((turn + apart) / 1000)))
end

-- Makes a thread that nobody works on ready, if it has a message.
local function offer(thread)
  local head = redis.call('LINDEX', thread_key(thread), 0)
  if head then
    prepare()
    redis.call('ZADD', READY, turn_of(head), thread)
    redis.call('XADD', PERMITS, '*', 'at', exact(now()))
  end
end

-- Takes back what `offer` or `fail` gave, so that the thread's head may change.
local function withdraw(thread)
  if redis.call('ZREM', READY, thread) == 1 then
    -- Permits are all alike, and read in order: if any is unread, the last one is.
    redis.call('XDEL', PERMITS, redis.call('XREVRANGE', PERMITS, '+', '-', 'COUNT', 1)[1][1])
  end
  redis.call('ZREM', LATER, thread)
end

-- Notes until when a person's message or reply is to be found by `forget`; 'inf' for no end, nil for no longer.
local function index(person, id, till)
  local key = ARGV[1] .. 'person:' .. person
  if till then
    redis.call('ZADD', key, till, id)
  else
    redis.call('ZREM', key, id)
  end
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now())
  local last = redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')[2]
  if last == 'inf' then
    redis.call('PERSIST', key)
  elseif last then
    redis.call('PEXPIREAT', key, exact(math.ceil(last / 1000)))
  end
end

-- Makes a pending permit last for so many milliseconds from now.
local function lend(permit, milliseconds)
  redis.call('XCLAIM', PERMITS, GROUP, CONSUMER, 0, permit, 'IDLE', math.max(0, IDLE - milliseconds), 'JUSTID')
end

-- Gives the message if `token` holds it. If not, gives nil, and 1 if it was this same act that ended the lease: then
-- the answer to it was lost, and it is asked for again.
local function holding(id, token, act)
  local names = { 'token', 'act', 'thread', 'person', 'permit' }
  local values = redis.call('HMGET', message_key(id), unpack(names))
  if values[1] ~= token then
    return nil, values[2] == act and 1 or 0
  end
  local message = { id = id }
  for i, name in ipairs(names) do
    message[name] = values[i]
  end
  return message
end

-- Ends a lease. Begins with what a server takes even when its memory is full, and which frees some; from there on it
-- takes the rest of the script, too.
local function let_go(message, act)
  redis.call('XACK', PERMITS, GROUP, message.permit)
  redis.call('XDEL', PERMITS, message.permit)
  redis.call('HDEL', HELD, message.permit)
  redis.call('HDEL', message_key(message.id), 'token', 'permit')
  redis.call('HSET', message_key(message.id), 'act', act)
end

-- Has a message wait again that was held.
local function wait_again(message)
  redis.call('HSET', message_key(message.id), 'state', 'open')
  redis.call('ZADD', WAITING, turn_of(message.id), message.id)
end

-- Takes an open message out of its thread.
local function leave(message)
  redis.call('LREM', thread_key(message.thread), 1, message.id)
  redis.call('ZREM', OPEN, message.id)
  redis.call('ZREM', WAITING, message.id)
  redis.call('ZREM', turns_key(message.person), message.id)
end

-- Leaves of a message that its id was taken, and by which act it ended.
local function erase(id, milliseconds)
  local key = message_key(id)
  redis.call('HDEL', key, 'body', 'person', 'thread', 'channel', 'put', 'turn', 'attempts', 'failures', 'waits', 'reason',
    'ended')
  redis.call('HSET', key, 'state', 'done')
  redis.call('PEXPIRE', key, milliseconds)
end

-- Keeps the reply to a message; without one there is nothing to keep.
local function keep_reply(id, reply, milliseconds)
  if reply then
    redis.call('SET', reply_key(id), reply, 'PX', milliseconds)
  end
end
