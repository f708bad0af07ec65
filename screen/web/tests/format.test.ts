import { describe, expect, it } from 'vitest'

import { change, tone } from '../src/text/change'
import { axisFigure, axisTime, clockDuration, count, duration, figure, minorUnits, MISSING, money, moneyParts, percent, takeCurrencies } from '../src/text/format'

takeCurrencies({ JPY: 0, KWD: 3 })

describe('count', () => {
  it('is written out while it can be read, then short', () => {
    expect(count(99_999, 'zh')).toBe('99,999')
    expect(count(203_912, 'zh')).toBe('20.39万')
    expect(count(203_912, 'en')).toBe('203.9K')
    expect(count(123_456_789, 'zh')).toBe('1.235亿')
    expect(count(203_912, 'zh', false)).toBe('203,912')
    expect(count(2012.42, 'en')).toBe('2,012')
  })
})

describe('money', () => {
  it('comes in minor units of its currency', () => {
    expect(money(2_990, 'CNY', 'zh')).toBe('¥29.90')
    expect(money(2_990, 'USD', 'en')).toBe('$29.90')
    expect(money(2_990, 'JPY', 'en')).toBe('¥2,990')
    expect(minorUnits('JPY')).toBe(1)
    expect(minorUnits('CNY')).toBe(100)
  })

  it('drops cents, then digits, as it grows', () => {
    expect(money(1_234_56, 'CNY', 'zh')).toBe('¥1,235')
    expect(money(1_046_000_00, 'CNY', 'zh')).toBe('¥104.6万')
    expect(money(1_046_000_00, 'CNY', 'en')).toBe('¥1.046M')
    expect(money(1_046_000_00, 'CNY', 'en', false)).toBe('¥1,046,000.00')
  })

  it('parts add up to the exact amount', () => {
    expect(moneyParts(123_456_789, 'CNY', 'zh')).toEqual({ symbol: '¥', whole: '1,234,567', fraction: '.89' })
    expect(moneyParts(0, 'CNY', 'en')).toEqual({ symbol: '¥', whole: '0', fraction: '.00' })
  })
})

describe('figure', () => {
  it('shows nothing as a dash, never as 0', () => {
    for (const value of [null, undefined, NaN, Infinity]) expect(figure(value, 'ratio', 'CNY', 'zh')).toBe(MISSING)
    expect(figure(0, 'ratio', 'CNY', 'zh')).toBe('0%')
  })

  it('goes by the unit', () => {
    expect(figure(0.15732, 'ratio', 'CNY', 'zh')).toBe('15.7%')
    expect(figure(0.0352, 'ratio', 'CNY', 'en')).toBe('3.52%')
    expect(figure(85.45, 'seconds', 'CNY', 'zh')).toBe('1分25秒')
    expect(figure(3.9351, 'rate', 'CNY', 'en')).toBe('3.94')
    expect(figure(271004.5, 'money', 'CNY', 'zh')).toBe('¥2,710')
  })
})

it('writes durations by their two largest units', () => {
  expect(duration(0, 'zh')).toBe('0秒')
  expect(duration(59.6, 'en')).toBe('1m 0s')
  expect(duration(3_725, 'en')).toBe('1h 2m')
  expect(clockDuration(7_449_000)).toBe('2:04:09')
  expect(clockDuration(-5)).toBe('0:00:00')
})

it('keeps an axis short', () => {
  expect(axisFigure(150_000, 'money', 'CNY', 'zh')).toBe('¥1500')
  expect(axisFigure(0, 'money', 'CNY', 'zh')).toBe('¥0')
  expect(axisFigure(12_000, 'count', 'CNY', 'zh')).toBe('1.2万')
})

it('sets the digits of shares', () => {
  expect(percent(0.05, 'en', 1)).toBe('5.0%')
  expect(percent(1, 'en')).toBe('100%')
})

describe('change', () => {
  it('has a direction and a sign', () => {
    expect(change(110, 100, 'zh')).toEqual({ direction: 'up', text: '+10%' })
    expect(change(97, 100, 'zh')).toEqual({ direction: 'down', text: '-3%' })
    expect(change(5_000, 10, 'en')).toEqual({ direction: 'up', text: '>+999%' })
  })

  it('is neutral when tiny, unknown or from zero', () => {
    expect(change(100.4, 100, 'zh')).toEqual({ direction: 'flat', text: '0%' })
    expect(change(0, 0, 'zh').direction).toBe('flat')
    expect(change(null, 3, 'zh')).toEqual({ direction: 'flat', text: '—', reason: 'no-value' })
    expect(change(3, 0, 'zh')).toEqual({ direction: 'flat', text: '—', reason: 'from-zero' })
  })

  it('calls more refunds bad', () => {
    expect(tone('gmv', 'up')).toBe('good')
    expect(tone('refunds', 'up')).toBe('bad')
    expect(tone('refunds', 'down')).toBe('good')
    expect(tone('gmv', 'flat')).toBe('neutral')
  })
})

describe('the server\'s table of currencies', () => {
  it('says how many digits an amount has', () => {
    expect([minorUnits('JPY'), minorUnits('KWD'), minorUnits('CNY'), minorUnits('IDR')]).toEqual([1, 1_000, 100, 100])
    expect(money(12_345, 'KWD', 'en')).toContain('12.345')
    expect(money(5_000, 'JPY', 'en')).toBe('¥5,000')
  })
})

it('an axis of more than a day names the date', () => {
  const noon = new Date(2026, 10, 26, 12, 0).getTime()
  expect(axisTime(noon, noon - 3_600_000, noon + 3_600_000, 'en')).toBe('12:00')
  expect(axisTime(noon, noon - 13 * 3_600_000, noon + 13 * 3_600_000, 'en')).toBe('11/26 12:00')
})
