// What the comparison itself rests on: hooks that amoCRM sends, how many come, and counters that are the sum of sales.

import type { Schemas } from '~/api/client';
import { Card } from '~/parts/card';
import { Table, type Column } from '~/parts/table';
import { Whose } from '~/parts/whose';
import { useFormats } from '~/view/format';
import { useLanguage, useTexts, type Texts } from '~/view/language';
import { useProductNames } from '~/view/product';

type Finding = Schemas['HookFinding'];
type Gap = Schemas['CounterGap'];

interface Words {
  hooks: string;
  hooksFine: string;
  hooksUnasked: string;
  hooksHidden: string;
  problems: Record<Finding['problem'], string>;
  fixes: Record<Finding['problem'], string>;
  events: string;
  checked: string;
  delivery: string;
  deliverySaid: (seen: string, changes: string) => string;
  noChanges: string;
  counters: string;
  countersFine: string;
  countersOff: string;
  countersNever: string;
  more: (count: number) => string;
  day: string;
  bases: Record<Gap['basis'], string>;
  team: string;
  product: string;
  basis: string;
  counted: string;
  ledger: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    hooks: 'Вебхуки amoCRM', hooksFine: '✓ Все вебхуки включены и сообщают обо всём нужном.', hooksUnasked: 'amoCRM об этом ещё не спрашивали.',
    hooksHidden: 'amoCRM не показывает свои вебхуки: для этого нужен ключ администратора. Заменить ключ можно в настройках.',
    problems: { disabled: '✕ выключен', missing: '✕ не заведён', incomplete: '▲ сообщает не обо всём' },
    fixes: {
      disabled: 'amoCRM выключила вебхук после многих неудачных ответов. Откройте в amoCRM Настройки → Интеграции → WebHooks и включите его снова. Пропущенное мы дочитаем сами.',
      missing: 'О сделках нам не сообщает ни один вебхук. Откройте в amoCRM Настройки → Интеграции → WebHooks и добавьте этот адрес с ключом.',
      incomplete: 'Откройте этот вебхук в amoCRM (Настройки → Интеграции → WebHooks) и отметьте недостающие события.',
    },
    events: 'события', checked: 'Проверено', delivery: 'Доставка вебхуков',
    deliverySaid: (seen, changes) => `О ${seen} из ${changes} изменений сообщил вебхук, остальное мы прочитали в amoCRM сами.`,
    noChanges: 'За эти дни изменений не было.', counters: 'Счётчики', countersFine: '✓ Счётчики панели равны сумме продаж за 31 день.',
    countersOff: '✕ Счётчики не равны сумме продаж. Их чинит разработчик командой rebuild.', countersNever: 'Счётчики ещё не сверяли.',
    more: (count) => `И ещё ${count}.`, day: 'День', bases: { sale_date: 'по дате продажи', lead_date: 'по дате заявки' }, team: 'Команда',
    product: 'Продукт', basis: 'Как считали', counted: 'Счётчик', ledger: 'Сумма продаж',
  },
  en: {
    hooks: 'amoCRM’s hooks', hooksFine: '✓ All hooks are on, and tell of all they should.', hooksUnasked: 'amoCRM was not asked yet.',
    hooksHidden: 'amoCRM does not show its hooks: that takes an administrator’s key, which can be replaced in the settings.',
    problems: { disabled: '✕ switched off', missing: '✕ missing', incomplete: '▲ does not tell of all' },
    fixes: {
      disabled: 'amoCRM switched it off after too many bad answers. In amoCRM open Settings, Integrations, WebHooks, and switch it on again. What was missed is read by itself.',
      missing: 'No hook tells us of deals. In amoCRM open Settings, Integrations, WebHooks, and add this address with its key.',
      incomplete: 'Open this hook in amoCRM (Settings, Integrations, WebHooks) and tick the events that are missing.',
    },
    events: 'events', checked: 'Checked', delivery: 'Delivery of hooks',
    deliverySaid: (seen, changes) => `A hook told of ${seen} out of ${changes} changes; the rest was read in amoCRM.`,
    noChanges: 'Nothing changed in these days.', counters: 'Counters', countersFine: '✓ The dashboard’s counters are the sum of the sales of 31 days.',
    countersOff: '✕ Counters are not the sum of the sales. A developer mends them with rebuild.', countersNever: 'Counters were not compared yet.',
    more: (count) => `And ${count} more.`, day: 'Day', bases: { sale_date: 'by day of sale', lead_date: 'by day of lead' }, team: 'Team',
    product: 'Product', basis: 'Counted', counted: 'Counter', ledger: 'Sum of sales',
  },
};

export function Hooks({ health }: { health: Schemas['HookHealth'] | null }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const language = useLanguage();
  const findings = health?.findings ?? [];
  return (
    <Card title={texts.hooks}>
      {!health && <p className="quiet">{texts.hooksUnasked}</p>}
      {health && !health.findings && <p className="notice">{texts.hooksHidden}</p>}
      {health?.findings?.length === 0 && <p className="good">{texts.hooksFine}</p>}
      {findings.length > 0 && (
        <ul className="findings">
          {findings.map((finding) => (
            <li key={`${finding.path} ${finding.problem}`}>
              <p className="row"><code>{finding.path}</code> <b className="bad">{texts.problems[finding.problem]}</b></p>
              <p>{language === 'en' ? finding.what_to_do : texts.fixes[finding.problem]}</p>
              {finding.events && finding.events.length > 0 && <p className="quiet">{texts.events}: <code>{finding.events.join(', ')}</code></p>}
            </li>
          ))}
        </ul>
      )}
      {health && <p className="quiet">{texts.checked} {formats.ago(health.checked_at)}</p>}
    </Card>
  );
}

export function Delivery({ rate }: { rate: Schemas['DeliveryRate'] }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  return (
    <Card title={texts.delivery}>
      <p><b className="big" data-delivery>{formats.percent(rate.rate)}</b></p>
      <p className="quiet">
        {rate.rate === null ? texts.noChanges : texts.deliverySaid(formats.number(rate.hooks_seen), formats.number(rate.changes))}
      </p>
    </Card>
  );
}

export function Counters({ check }: { check: Schemas['CountersCheck'] | null }) {
  const texts = useTexts(TEXTS);
  const formats = useFormats();
  const names = useProductNames();
  const figure = ({ count, sum }: Gap['counted']) => `${formats.number(count)} · ${formats.tenge(sum)}`;
  const columns: Column<Gap>[] = [
    { id: 'day', title: texts.day, cell: (gap) => formats.day(gap.day), by: (gap) => gap.day },
    { id: 'team', title: texts.team, cell: (gap) => <Whose team={gap.team ?? null} />, by: (gap) => gap.team },
    { id: 'product', title: texts.product, cell: (gap) => names[gap.product], by: (gap) => gap.product },
    { id: 'basis', title: texts.basis, cell: (gap) => texts.bases[gap.basis], by: (gap) => gap.basis },
    { id: 'counted', title: texts.counted, cell: (gap) => figure(gap.counted), isNumber: true },
    { id: 'ledger', title: texts.ledger, cell: (gap) => figure(gap.ledger), isNumber: true },
  ];
  return (
    <Card title={texts.counters}>
      {!check && <p className="quiet">{texts.countersNever}</p>}
      {check && <p className={check.ok ? 'good' : 'bad'}>{check.ok ? texts.countersFine : texts.countersOff}</p>}
      {check && check.differences.length > 0 && (
        <Table
          caption={texts.counters} columns={columns} rows={check.differences}
          keyOf={(gap) => [gap.day, gap.team, gap.product, gap.basis, gap.state].join()}
        />
      )}
      {check && check.differences_more > 0 && <p className="quiet">{texts.more(check.differences_more)}</p>}
      {check && <p className="quiet">{texts.checked} {formats.ago(check.checked_at)}</p>}
    </Card>
  );
}
