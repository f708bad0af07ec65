/** Texts about what viewers say and who they are. */
export const zhTalk = {
  polls: '互动投票',
  'polls.note': '近 2 分钟的短回答，按人数',
  'polls.none': '近 2 分钟没有人扣数字或短回答',
  'polls.people': '{n} 人',
  'polls.person': '{n} 人',
  'polls.times': '共 {n} 条评论',
  'value.province.other': '其他',
} as const
