/** Whether the chooser of core figures is open; its button stands in the header. */
export const chooser = $state({ open: false })
