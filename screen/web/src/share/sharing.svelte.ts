/** The room that is being shared with others, in a dialog; "": none. */
export const sharing = $state({ room: '' })
