import { pino } from 'pino';

/** For what wants a log: doctor tells what it finds, and nothing beside. */
export const silent = pino({ level: 'silent' });
