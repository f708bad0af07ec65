-- Reads what was touched in a room since a revision, all of it as of one moment: a board is never made of two states.
--
-- KEYS  1 the room's fence, 2 its touched keys; every key read below stands under the same hash tag, so on the same node
-- ARGV  1 what stands in front of a key within the room, 2 the revision, 3 what is wanted in MessagePack (streams/store/redis/store.py)
-- gives {revision} where nothing was touched | {revision, touched keys, {key, {field, value, …}, …}, {key, {item, …}, …}}

local call, tonumber = redis.call, tonumber
local stem, since = ARGV[1], ARGV[2]
local rev = call('HGET', KEYS[1], 'rev') or '0'
if tonumber(rev) <= tonumber(since) then
  return {rev}
end
local wanted = cmsgpack.unpack(ARGV[3])

local function set(list)
  local found = {}
  for i = 1, #list do
    found[list[i]] = true
  end
  return found
end

local hashes, kinds, numbered, ignored = set(wanted.hashes), set(wanted.kinds), set(wanted.numbered), set(wanted.ignored)
local touched = call('ZRANGEBYSCORE', KEYS[2], '(' .. since, '+inf')
local found, lists = {}, {}
for i = 1, #touched do
  local key = touched[i]
  local kind = string.match(key, '^[^:]*')
  if not (ignored[key] or ignored[kind]) then
    local most = wanted.lists[key]
    if most then
      lists[#lists + 1] = key
      lists[#lists + 1] = call('LRANGE', stem .. key, 0, most - 1)
    elseif hashes[key] or (kinds[kind] and #key > #kind) then
      if not (numbered[kind] and tonumber(string.match(key, '[^:]*$')) < wanted.first) then
        found[#found + 1] = key
        found[#found + 1] = call('HGETALL', stem .. key)
      end
    end
  end
end
return {rev, touched, found, lists}
