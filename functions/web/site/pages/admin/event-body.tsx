// The body of a hook: the fields of a form one by one, and as it came.

import type { Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Table, type Column } from '~/parts/table';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';

interface Words {
  title: string;
  kept: string;
  none: string;
  gone: string;
  field: string;
  value: string;
  raw: string;
  binary: string;
  empty: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Что прислали', kept: 'хранится до', none: 'Об этом узнали не из хука: тела нет.', gone: 'Тело хука хранится 90 дней, и они прошли.',
    field: 'Поле', value: 'Значение', raw: 'Как пришло, байт в байт', binary: 'Это не текст; показано в base64.', empty: 'Тело было пустым.',
  },
  en: {
    title: 'What was sent', kept: 'kept until', none: 'No hook told of this: there is no body.', gone: 'A body is kept for 90 days, and they are over.',
    field: 'Field', value: 'Value', raw: 'As it came, byte for byte', binary: 'This is no text; it is shown as base64.', empty: 'The body was empty.',
  },
};

type Field = readonly [index: number, name: string, value: string];

/** The fields of a form; of anything else none. */
function fields({ body, content }: Schemas['RawHook']): Field[] {
  if (content !== 'text' || !body.includes('=') || /^\s*[[{<]/.test(body)) return [];
  return [...new URLSearchParams(body)].map(([name, value], index) => [index, name, value]);
}

export function Body({ raw, isOfHook }: { raw: Schemas['RawHook'] | null; isOfHook: boolean }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  if (!raw) return <Card title={texts.title}><p className="quiet">{isOfHook ? texts.gone : texts.none}</p></Card>;
  const form = fields(raw);
  const columns: Column<Field>[] = [
    { id: 'name', title: texts.field, cell: ([, name]) => <code>{name}</code> },
    { id: 'value', title: texts.value, cell: ([, , value]) => <span className="value">{value}</span> },
  ];
  const written = raw.body === ''
    ? <p className="quiet">{texts.empty}</p>
    : <pre className="raw" tabIndex={0} aria-label={texts.raw} role="group">{raw.body}</pre>;
  return (
    <Card title={texts.title} aside={raw.expires_at && <span className="quiet">{texts.kept} {formats.moment(raw.expires_at)}</span>}>
      {raw.content === 'base64' && <p className="quiet">{texts.binary}</p>}
      {form.length > 0 && <Table caption={texts.title} columns={columns} rows={form} keyOf={([index]) => String(index)} />}
      {form.length > 0 ? <details><summary>{texts.raw}</summary>{written}</details> : written}
    </Card>
  );
}
