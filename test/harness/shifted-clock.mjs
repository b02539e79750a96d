// Loaded into a process before anything else, this makes its host's clock wrong by HOOKLINE_TEST_CLOCK_SHIFT_MS: Date and Date.now, not the
// monotonic clock, as on a machine whose time was set wrong. Plain JavaScript, so that it needs no loader.
const shiftMs = Number(process.env['HOOKLINE_TEST_CLOCK_SHIFT_MS']);
if (!Number.isFinite(shiftMs)) throw new Error('HOOKLINE_TEST_CLOCK_SHIFT_MS takes a number of milliseconds.');
const TrueDate = Date;

class ShiftedDate extends TrueDate {
  constructor(...args) {
    if (args.length === 0) super(ShiftedDate.now());
    else super(...args);
  }

  static now() {
    return TrueDate.now() + shiftMs;
  }
}

globalThis.Date = new Proxy(ShiftedDate, { apply: () => new ShiftedDate().toString() });
