/** Leads to what is wrong first in a form, once it shows as wrong: unfolds it, and puts the focus on it where it is a field. */
export function focusFirstError(form: HTMLElement | null): void {
  // What was just found wrong may be drawn only after the next frame has begun.
  afterFrames(2, () => {
    const wrong = form?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]');
    if (!wrong) return;
    for (let fold = wrong.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null) {
      fold.open = true;
    }
    wrong.scrollIntoView({ block: 'center' });
    wrong.focus();
  });
}

function afterFrames(count: number, then: () => void): void {
  requestAnimationFrame(() => (count > 1 ? afterFrames(count - 1, then) : then()));
}
