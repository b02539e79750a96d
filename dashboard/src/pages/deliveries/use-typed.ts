import { type ChangeEvent, type KeyboardEvent, useEffect, useState } from 'react';

/** What an input needs whose value counts when it is left, or at Enter: half of an id is none. */
export function useTyped(value: string, onChange: (value: string) => void) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const done = (): void => {
    if (text.trim() !== value) onChange(text.trim());
  };
  return {
    value: text,
    onChange: (event: ChangeEvent<HTMLInputElement>) => setText(event.target.value),
    onBlur: done,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') done();
    },
  };
}
