/** Which comments somebody should look at. Word lists, not understanding: better one too many than a complaint missed. */
export type Importance = 'complaint' | 'question' | 'product' | undefined

const COMPLAINTS = /退款|退货|投诉|假货|骗|差评|质量差|坏了|没收到|不发货|虚假|客服|维权|refund|scam|fake|broken|complain/i
const QUESTIONS = /[?？]|吗|怎么|什么|多少|几号|哪个|能不能|有没有|可不可以|\b(?:how|what|when|which|where|why)\b/i
const PRODUCTS = /\d+\s*号|链接|这款|那款|\blink\s*\d+/i

export function importance(text: string): Importance {
  if (COMPLAINTS.test(text)) return 'complaint'
  if (QUESTIONS.test(text)) return 'question'
  if (PRODUCTS.test(text)) return 'product'
  return undefined
}
