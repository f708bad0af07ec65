/** What the figures are: their age, their marks, who is on air. */
export const enFigures = {
  'pager.before': 'Back',
  'pager.next': 'Next',
  'pager.shown': '{from}–{to} of {n}',
  'orders.timeout': 'Unpaid for {n} minutes an order lapses; its stock is free again',
  'orders.away': 'The server does not answer; trying again',
  'status.silent': 'No data',
  'status.closed': 'Closed by the system',
  'notice.silent.title': 'Nothing comes in',
  'notice.silent.text': 'No event for more than half an hour. After {hours} hours the system closes the room; any new event brings it back.',
  'notice.closed.title': 'Closed by the system',
  'notice.closed.text': 'No event for {hours} hours, and nobody ended the broadcast. Any new event opens it again.',
  'link.hint.behind': 'All figures are late: the agents are behind, or the platform sends nothing. Totals stand at that moment; people online and the 5-minute figures run down as time passes.',
}
