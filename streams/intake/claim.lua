-- Claims ids that were not taken yet, so that nobody else sends them meanwhile.
--
-- KEYS  1 the claims (sorted set: id → when its claim lapses, ms), then the sets in which the ids may stand, PERIODS for each id in turn
-- ARGV  1 now (ms), 2 until when a claim holds (ms), 3 how many sets each id has, then the ids
-- gives one letter an id: n new and claimed, r taken before, u under way in another request

local call, tonumber = redis.call, tonumber
local now, until_ms, periods = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local said = {}

for i = 4, #ARGV do
  local id, letter = ARGV[i], 'n'
  for k = 1, periods do
    if call('SISMEMBER', KEYS[1 + (i - 4) * periods + k], id) == 1 then
      letter = 'r'
      break
    end
  end
  if letter == 'n' then
    local lapses = tonumber(call('ZSCORE', KEYS[1], id) or 0)
    if lapses > now then
      letter = 'u'
    else
      call('ZADD', KEYS[1], until_ms, id)
    end
  end
  said[i - 3] = letter
end
call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
call('PEXPIREAT', KEYS[1], until_ms)
return table.concat(said)
