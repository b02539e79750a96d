import mysql, { type FieldPacket } from 'mysql2';

/** A column of a result as the protocol describes it; what is zero or empty is left out, as protojson does. */
export interface Field {
  readonly name: string;
  readonly type?: string;
  readonly table?: string;
  readonly orgTable?: string;
  readonly database?: string;
  readonly orgName?: string;
  readonly columnLength?: number;
  readonly charset?: number;
  readonly decimals?: number;
  readonly flags?: number;
}

const { Types } = mysql;

const BINARY_CHARSET = 63;
/** utf8mb4_0900_ai_ci: in what PlanetScale sends all text. */
const TEXT_CHARSET = 255;

const BLOB_FLAG = 16;
const UNSIGNED_FLAG = 32;
const BINARY_FLAG = 128;
const ENUM_FLAG = 256;
const SET_FLAG = 2_048;
/** MySQL sets it for numbers; MariaDB leaves it to the client. */
const NUMBER_FLAG = 32_768;

interface TypeRule {
  readonly name: string;
  readonly unsigned?: string;
  readonly binary?: string;
  readonly number?: boolean;
}

/** MySQL's types on the wire and Vitess's names for them (`MySQLToType` of its sqltypes). */
const TYPES: Readonly<Record<number, TypeRule>> = {
  [Types.DECIMAL]: { name: 'DECIMAL', number: true },
  [Types.TINY]: { name: 'INT8', unsigned: 'UINT8', number: true },
  [Types.SHORT]: { name: 'INT16', unsigned: 'UINT16', number: true },
  [Types.INT24]: { name: 'INT24', unsigned: 'UINT24', number: true },
  [Types.LONG]: { name: 'INT32', unsigned: 'UINT32', number: true },
  [Types.LONGLONG]: { name: 'INT64', unsigned: 'UINT64', number: true },
  [Types.FLOAT]: { name: 'FLOAT32', number: true },
  [Types.DOUBLE]: { name: 'FLOAT64', number: true },
  [Types.NEWDECIMAL]: { name: 'DECIMAL', number: true },
  [Types.YEAR]: { name: 'YEAR', number: true },
  // Zero among Vitess's types, and so left out.
  [Types.NULL]: { name: '', number: true },
  [Types.TIMESTAMP]: { name: 'TIMESTAMP' },
  [Types.DATE]: { name: 'DATE' },
  [Types.NEWDATE]: { name: 'DATE' },
  [Types.TIME]: { name: 'TIME' },
  [Types.DATETIME]: { name: 'DATETIME' },
  [Types.BIT]: { name: 'BIT' },
  [Types.JSON]: { name: 'JSON' },
  [Types.ENUM]: { name: 'ENUM' },
  [Types.SET]: { name: 'SET' },
  [Types.TINY_BLOB]: { name: 'TEXT', binary: 'BLOB' },
  [Types.MEDIUM_BLOB]: { name: 'TEXT', binary: 'BLOB' },
  [Types.LONG_BLOB]: { name: 'TEXT', binary: 'BLOB' },
  [Types.BLOB]: { name: 'TEXT', binary: 'BLOB' },
  [Types.VARCHAR]: { name: 'VARCHAR', binary: 'VARBINARY' },
  [Types.VAR_STRING]: { name: 'VARCHAR', binary: 'VARBINARY' },
  [Types.STRING]: { name: 'CHAR', binary: 'BINARY' },
  [Types.GEOMETRY]: { name: 'GEOMETRY' },
};

/**
 * The column as Vitess would describe it. MariaDB sends JSON as text and tells so beside it (extended metadata, 10.5 and newer); here it
 * becomes what MySQL sends: type JSON, binary charset.
 */
export function fieldOf(packet: FieldPacket): Field {
  const sent = typeof packet.flags === 'number' ? packet.flags : 0;
  const rule = TYPES[packet.columnType ?? Types.NULL] ?? { name: 'VARCHAR' };
  const isJson = packet.extendedFormat === 'json' || packet.columnType === Types.JSON;
  const flags = sent | (rule.number ? NUMBER_FLAG : 0) | (isJson ? BLOB_FLAG | BINARY_FLAG : 0);
  const type = isJson ? 'JSON' : typeOf(rule, flags);
  const isBinary = isJson || packet.characterSet === BINARY_CHARSET;
  const { table, orgTable, orgName, columnLength, decimals } = packet;
  const database = packet.schema;
  return {
    name: packet.name,
    ...(type && { type }),
    ...(table && { table }),
    ...(orgTable && { orgTable }),
    ...(database && { database }),
    ...(orgName && { orgName }),
    ...(columnLength && { columnLength }),
    charset: isBinary ? BINARY_CHARSET : TEXT_CHARSET,
    ...(decimals && { decimals }),
    ...(flags && { flags }),
  };
}

function typeOf({ name, unsigned, binary }: TypeRule, flags: number): string {
  if (flags & ENUM_FLAG) return 'ENUM';
  if (flags & SET_FLAG) return 'SET';
  if (flags & UNSIGNED_FLAG && unsigned !== undefined) return unsigned;
  return flags & BINARY_FLAG && binary !== undefined ? binary : name;
}
