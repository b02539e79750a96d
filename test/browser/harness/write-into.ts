import type { Locator } from 'playwright-core';

/** Writes over all of a JSON editor's text by the keyboard. `fill` is quicker than the editor hears of its selection, and the browser then edits beside it. */
export async function writeInto(editor: Locator, text: string): Promise<void> {
  await editor.press('ControlOrMeta+a');
  await editor.page().keyboard.insertText(text);
}
