import type { TextPattern } from './text-pattern.ts'

/**
 * Characters that a reader does not see or takes for others: texts that show something else than what runs (CVE-2021-42574
 * and CVE-2021-42694 name the two tricks). They are refused in every kind of file.
 */
export const hiddenCharacterPatterns: readonly TextPattern[] = [
  {
    rule: 'hidden-character',
    needles: null,
    pattern: /[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/g,
    message: 'a character that turns the direction of text; write an escape instead',
  },
  {
    rule: 'hidden-character',
    needles: null,
    // A byte order mark may open a file; a joiner may stand between pictures, never between letters.
    pattern:
      /[\u00ad\u115f\u1160\u180e\u200b\u200c\u2060-\u2064\u2028\u2029\u3164\uffa0]|(?!^)\ufeff|\u200d(?=[\w$\s"'`])|[\ufe00-\ufe0f]{2}|\udb40[\udc00-\uddef]/g,
    message: 'an invisible character; write an escape instead',
  },
  {
    rule: 'look-alike-letter',
    needles: null,
    // A Latin and a Cyrillic or Greek letter of the same shape in one word.
    pattern:
      /[A-Za-z][\u0400-\u052f\u0391-\u03a9\u03bd\u03bf\u03c1\u03c5\u0501-\u0556]|[\u0400-\u052f\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bd\u03bf\u03c1\u03c5][A-Za-z_$]/g,
    message: 'a word of Latin letters and letters that only look like them',
  },
  {
    rule: 'look-alike-letter',
    needles: null,
    pattern: /[\uff21-\uff3a\uff41-\uff5a]|\ud835[\udc00-\udfff]/g,
    message: 'letters that programs read as Latin ones and people as decoration',
  },
]
