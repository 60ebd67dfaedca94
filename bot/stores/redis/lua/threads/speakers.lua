-- KEYS: the turns' ids, what was said, the mark. Gives the mark or an empty text, then of each turn whose it is.
local flat = { redis.call('GET', KEYS[3]) or '' }
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  flat[#flat + 1] = redis.call('HGET', KEYS[2], 'person:' .. id)
end
return flat
