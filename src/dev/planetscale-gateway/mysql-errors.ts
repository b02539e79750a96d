import { type GrpcCode, TabletError } from './errors.js';

/** What vttablet makes of MySQL's error numbers (`convertErrorCode` of its tabletserver.go); every other number is Unknown. */
const CODES: ReadonlyArray<readonly [GrpcCode, readonly number[]]> = [
  ['Unimplemented', [1235]],
  ['ResourceExhausted', [1021, 1037, 1038, 1040, 1041, 1114, 1129, 1135, 1151, 1153, 1203, 1206, 1226]],
  ['DeadlineExceeded', [1205]],
  ['Unavailable', [1053, 2002, 2003, 2006]],
  ['NotFound', [1029, 1032, 1054, 1094, 1109, 1122, 1141, 1146, 1147, 1176, 1008]],
  ['PermissionDenied', [1044, 1045, 1095, 1142, 1143, 1211, 1227]],
  [
    'FailedPrecondition',
    [
      ...[1046, 1082, 1091, 1099, 1100, 1104, 1148, 1162, 1165, 1169, 1173, 1179, 1207, 1215, 1216, 1217, 1223, 1230],
      ...[1241, 1242, 1264, 1288, 1289, 1290, 1291, 1451, 1452, 1792],
    ],
  ],
  ['AlreadyExists', [1050, 1062, 1086, 1125]],
  ['Aborted', [1078, 1080, 1152, 1213]],
  [
    'InvalidArgument',
    [
      ...[1047, 1048, 1049, 1051, 1052, 1055, 1056, 1057, 1058, 1059, 1060, 1061, 1063, 1064, 1065, 1066, 1067, 1068],
      ...[1069, 1070, 1071, 1072, 1073, 1074, 1075, 1083, 1084, 1085, 1089, 1090, 1093, 1096, 1097, 1101, 1102, 1103],
      ...[1106, 1107, 1108, 1110, 1111, 1113, 1115, 1116, 1117, 1118, 1120, 1121, 1128, 1136, 1138, 1139, 1140, 1144],
      ...[1149, 1166, 1167, 1170, 1171, 1172, 1193, 1204, 1210, 1221, 1222, 1225, 1228, 1229, 1231, 1232, 1233, 1234],
      ...[1238, 1239, 1240, 1245, 1247, 1248, 1250, 1253, 1267, 1270, 1271, 1272, 1273, 1280, 1281, 1283, 1292, 1293],
      ...[1294, 1298, 1300, 1365, 1366, 1406, 1690, 1364, 3140],
    ],
  ],
  ['Canceled', [1317, 2013]],
  // MariaDB's own: killed, out of time; the check that a JSON column is (3140 in MySQL).
  ['Canceled', [1927, 1969]],
  ['InvalidArgument', [4025]],
];

const CODE_OF: ReadonlyMap<number, GrpcCode> = new Map(
  CODES.flatMap(([code, numbers]) => numbers.map((errno) => [errno, code] as const)),
);

/** MySQL client's numbers for a server that cannot be reached, and for one that went away. */
const CANNOT_CONNECT = 2002;
const SERVER_LOST = 2013;
const LOST: ReadonlySet<string | undefined> = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE']);

/**
 * An error of mysql2 as vttablet tells it: `Duplicate entry … (errno 1062) (sqlstate 23000)`. Where the connection itself broke, the text is
 * the client's, without the address and the login that mysql2 would tell.
 */
export function tabletErrorOf(error: unknown): TabletError {
  if (error instanceof TabletError) return error;
  const { errno, sqlState, sqlMessage, code } = detailsOf(error);
  if (errno !== undefined && errno > 0 && sqlMessage !== undefined) {
    const described = `${sqlMessage} (errno ${errno}) (sqlstate ${sqlState ?? 'HY000'})`;
    return new TabletError(CODE_OF.get(errno) ?? 'Unknown', described, { errno, tellsStatement: true });
  }
  const [what, number] = LOST.has(code)
    ? ['Lost connection to MySQL server during query', SERVER_LOST]
    : [`net.Dial to mysqld failed: ${code ?? 'unknown'}`, CANNOT_CONNECT];
  return new TabletError('Unavailable', `${what} (errno ${number}) (sqlstate HY000)`, { errno: number });
}

interface Details {
  readonly errno?: number | undefined;
  readonly sqlState?: string | undefined;
  readonly sqlMessage?: string | undefined;
  readonly code?: string | undefined;
}

function detailsOf(error: unknown): Details {
  if (!(error instanceof Error)) return {};
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    errno: 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined,
    sqlState: 'sqlState' in error ? text(error.sqlState) : undefined,
    sqlMessage: 'sqlMessage' in error ? text(error.sqlMessage) : undefined,
    code: 'code' in error ? text(error.code) : undefined,
  };
}
