import { SignJWT } from 'jose';
import { setting } from './clients.js';

/**
 * Prints a token of one user, as your own backend would make it after its own sign-in: `tsx user-token.ts <id of the user>`.
 * It lasts an hour. On a Supabase project, a user's session has such a token already.
 */
const [userId] = process.argv.slice(2);
if (userId === undefined) throw new Error('Give the id of the user: tsx user-token.ts <id>');
const secret = new TextEncoder().encode(setting(process.env, 'JWT_SECRET'));
const token = await new SignJWT({ role: 'authenticated' })
  .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
  .setSubject(userId)
  .setAudience('authenticated')
  .setIssuedAt()
  .setExpirationTime('1h')
  .sign(secret);
console.log(token);
