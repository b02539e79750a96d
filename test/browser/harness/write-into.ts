import type { Locator } from 'playwright-core';
import { frames } from './settled.js';

/** Writes over all of a JSON editor's text by the keyboard. `fill` is quicker than the editor hears of its selection, and the browser then edits beside it. */
export async function writeInto(editor: Locator, text: string): Promise<void> {
  await editor.waitFor();
  // A dialog that opened or closed just now puts the focus elsewhere a frame later.
  await frames(editor.page(), 2);
  await editor.press('ControlOrMeta+a');
  await editor.page().keyboard.insertText(text);
}
