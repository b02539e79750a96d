import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, Input, Select } from '../../ui/field.js';
import { useTyped } from './use-typed.js';

const CLASSES = ['2xx', '3xx', '4xx', '5xx', 'none'] as const;
const EXACT = 'exact';
const STATUS = /^[1-5][0-9]{2}$/;

interface ResponseFilterProps {
  /** As the API takes it: a status, a class, `none`, or '' for any. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** What the endpoint answered: a class of statuses, one status, or nothing. */
export function ResponseFilter({ value, onChange }: ResponseFilterProps) {
  const { t } = useTranslation();
  const [isExact, setIsExact] = useState(false);
  const isClass = CLASSES.some((one) => one === value);
  const shown = isExact || (value !== '' && !isClass) ? EXACT : value;
  return (
    <>
      <Field label={t('deliveries.filters.response')}>
        {(control) => (
          <Select
            {...control}
            value={shown}
            onChange={({ target }) => {
              setIsExact(target.value === EXACT);
              onChange(target.value === EXACT ? '' : target.value);
            }}
          >
            <option value="">{t('app.all')}</option>
            {CLASSES.map((one) => (
              <option key={one} value={one}>
                {t(`deliveries.responses.${one}`)}
              </option>
            ))}
            <option value={EXACT}>{t('deliveries.responses.exact')}</option>
          </Select>
        )}
      </Field>
      {shown === EXACT && <ExactStatus value={value} onChange={onChange} />}
    </>
  );
}

function ExactStatus({ value, onChange }: ResponseFilterProps) {
  const { t } = useTranslation();
  const [isWrong, setIsWrong] = useState(false);
  const typed = useTyped(value, (text) => {
    setIsWrong(text !== '' && !STATUS.test(text));
    if (text === '' || STATUS.test(text)) onChange(text);
  });
  return (
    <Field
      label={t('deliveries.filters.exactStatus')}
      error={isWrong ? t('deliveries.filters.exactStatusWrong') : undefined}
    >
      {(control) => (
        <Input {...control} {...typed} inputMode="numeric" maxLength={3} placeholder="404" autoComplete="off" />
      )}
    </Field>
  );
}
