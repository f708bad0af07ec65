/** A link that shows a room to others, as the server lists it; times in ms. */
export interface Share {
  id: string
  name: string
  by: string
  created: number
  expires: number
}
