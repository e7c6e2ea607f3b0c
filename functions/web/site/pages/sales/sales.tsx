// The rows behind a number: which sales it is made of, and why each is whose it is.

import './sales.css';

import { Failure } from '~/api/client';
import { PeriodBar } from '~/layout/period-bar';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { More } from '~/parts/more';
import { Waiting } from '~/parts/waiting';
import { useFilter, useChoiceFilter } from '~/view/filters';
import { plural, useTexts, type Texts } from '~/view/language';
import { PRODUCTS } from '~/view/product';
import { useView } from '~/view/view';
import { Filters } from './filters';
import { hasText, searched, useRows, useRowsInStep, useSums, type Asked } from './rows';
import { SalesTable } from './sales-table';
import { SumsLine } from './sums-line';

interface Words {
  title: string;
  rows: string;
  sums: string;
  none: string;
  noneTodo: string;
  notFound: string;
  notFoundTodo: string;
  found: (found: number, of: number) => string;
  byLead: string;
  others: string;
  othersTodo: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    title: 'Продажи', rows: 'Список продаж', sums: 'Итоги',
    none: 'За эти дни таких продаж нет.', noneTodo: 'Выберите другой период, продукт или команду.',
    notFound: 'Среди показанных строк такой нет.', notFoundTodo: 'Поиск идёт по показанным строкам: покажите ещё или выберите другой период.',
    found: (found, of) => `Найдено ${found} из ${of} показанных`,
    byLead: 'Здесь продажи по дню оплаты, а цифры воронки вы смотрели по дню заявки: итоги могут не совпасть.',
    others: 'Это продажи другой команды.', othersTodo: 'Вам видны продажи своей команды: снимите фильтр команды.',
  },
  en: {
    title: 'Sales', rows: 'The list of sales', sums: 'Sums',
    none: 'There are no such sales in these days.', noneTodo: 'Choose another period, product or team.',
    notFound: 'None of the rows shown has it.', notFoundTodo: 'The search looks at the rows shown: show more, or choose another period.',
    found: (found, of) => `${found} of ${of} rows shown ${plural('en', found, 'matches', 'match', 'match')}`,
    byLead: 'Sales stand here by the day of the sale; the funnel’s figures were by the day of the lead, so sums may differ.',
    others: 'These are another team’s sales.', othersTodo: 'You see the sales of your own team: take the team’s filter away.',
  },
};

export default function Sales() {
  const texts = useTexts(TEXTS);
  const { days, basis } = useView();
  const [funnel] = useChoiceFilter('funnel', PRODUCTS);
  const [team] = useFilter('team');
  const asked: Asked = { days, funnel, team };
  const sums = useSums(asked);
  const rows = useRows(asked);
  useRowsInStep(rows, sums.data, asked);
  const isOfOthers = rows.error instanceof Failure && rows.error.status === 403;
  return (
    <>
      <header className="page-head">
        <h1>{texts.title}</h1>
        <PeriodBar />
      </header>
      {basis === 'lead_date' && <p className="notice">{texts.byLead}</p>}
      <Card title={texts.rows} className="sales-rows" aside={<Filters asked={asked} />}>
        {isOfOthers ? <Empty title={texts.others}>{texts.othersTodo}</Empty> : (
          <>
            <div className="sums-place">
              {sums.data && <SumsLine sums={sums.data} isOld={sums.isPlaceholderData} />}
              {!sums.data && !sums.error && <Waiting />}
              {sums.error && <Failed what={texts.sums} error={sums.error} again={() => void sums.refetch()} />}
            </div>
            <Rows rows={rows} texts={texts} />
          </>
        )}
      </Card>
    </>
  );
}

function Rows({ rows, texts }: { rows: ReturnType<typeof useRows>; texts: Words }) {
  const [search] = useFilter('q');
  if (!rows.data) {
    if (!rows.error) return <Waiting lines={12} height={600} />;
    return <Failed what={texts.rows} error={rows.error} again={() => void rows.refetch()} />;
  }
  const shown = search ? rows.data.filter((sale) => hasText(searched(sale), search)) : rows.data;
  const isNone = rows.data.length === 0 && !rows.hasNextPage && !rows.isFetching;
  return (
    <div className={rows.isPlaceholderData ? 'stack dim' : 'stack'}>
      {rows.error && !rows.isFetchNextPageError && (
        <Failed what={texts.rows} error={rows.error} again={() => void rows.refetch()} />
      )}
      <p role="status" className="quiet">{search ? texts.found(shown.length, rows.data.length) : ''}</p>
      {isNone && <Empty title={texts.none}>{texts.noneTodo}</Empty>}
      {rows.data.length > 0 && shown.length === 0 && <Empty title={texts.notFound}>{texts.notFoundTodo}</Empty>}
      {shown.length > 0 && <SalesTable sales={shown} />}
      <More list={rows} />
    </div>
  );
}
