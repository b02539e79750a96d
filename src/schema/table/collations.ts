/** The character sets whose default collation is not `<character set>_general_ci`, the same in MySQL and MariaDB. */
const DEFAULT_COLLATIONS: Readonly<Record<string, string>> = {
  armscii8: 'armscii8_general_ci',
  big5: 'big5_chinese_ci',
  binary: 'binary',
  cp932: 'cp932_japanese_ci',
  dec8: 'dec8_swedish_ci',
  eucjpms: 'eucjpms_japanese_ci',
  euckr: 'euckr_korean_ci',
  gb18030: 'gb18030_chinese_ci',
  gb2312: 'gb2312_chinese_ci',
  gbk: 'gbk_chinese_ci',
  hp8: 'hp8_english_ci',
  latin1: 'latin1_swedish_ci',
  sjis: 'sjis_japanese_ci',
  swe7: 'swe7_swedish_ci',
  tis620: 'tis620_thai_ci',
  ujis: 'ujis_japanese_ci',
};

/**
 * The collation that a character set without one has in SHOW CREATE TABLE. For utf8mb4 too it is `general_ci`: a MySQL 8, whose default is another, always
 * writes the collation of utf8mb4, and so do the versions of MariaDB that let the default be set.
 */
export function defaultCollation(charset: string): string {
  return DEFAULT_COLLATIONS[charset] ?? `${charset}_general_ci`;
}

/** The character set of a collation: `utf8mb4` of `utf8mb4_0900_ai_ci`. */
export function charsetOf(collation: string): string {
  return collation.split('_', 1)[0] ?? collation;
}
