-- KEYS: the turns' ids, what was said. Gives of each turn its id, the turn, and the reaction to it or an empty text.
local flat = {}
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local said = redis.call('HMGET', KEYS[2], 'turn:' .. id, 'reaction:' .. id)
  flat[#flat + 1] = id
  flat[#flat + 1] = said[1]
  flat[#flat + 1] = said[2] or ''
end
return flat
