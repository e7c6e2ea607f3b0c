import { useSearchParams } from 'wouter';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { Waiting } from '~/parts/waiting';
import { useFormats } from '~/view/format';
import { useTexts, type Texts } from '~/view/language';
import { useView } from '~/view/view';
import { AdTable } from './ad-table';
import { Crumbs } from './crumbs';
import { idOf, isUnder, nameOf, summed, useAdRows, useDrill, type Level, type Sums } from './drill';

interface Words {
  titles: Record<Level, string>;
  search: string;
  none: string;
  noneWhy: string;
  notFound: string;
  clear: string;
  open: string;
  bySaleDate: string;
  rest: Record<Level, string>;
  leads: string;
  sales: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    titles: { campaign: 'Кампании', adset: 'Группы объявлений', ad: 'Объявления' }, search: 'Найти по названию или ID',
    none: 'За эти дни ничего нет', noneWhy: 'Не было ни показов, ни заявок, ни продаж. Выберите другой период.',
    notFound: 'Ничего не нашлось', clear: 'Показать всё',
    open: 'Ещё может измениться: Facebook уточняет расходы 28 дней', bySaleDate: 'Продажи в этой таблице всегда по дате продажи.',
    rest: {
      campaign: 'Команде засчитано, но к кампании не привязано:', adset: 'Относится к кампании, но к группе не привязано:',
      ad: 'Относится к группе, но к объявлению не привязано:',
    },
    leads: 'заявки', sales: 'продажи',
  },
  en: {
    titles: { campaign: 'Campaigns', adset: 'Ad sets', ad: 'Ads' }, search: 'Find by name or ID',
    none: 'Nothing on these days', noneWhy: 'No ads were shown, and no leads or sales came. Choose another period.',
    notFound: 'Nothing found', clear: 'Show all',
    open: 'May still change: Facebook corrects spend for 28 days', bySaleDate: 'Sales in this table are always by sale date.',
    rest: {
      campaign: "The team's, but tied to no campaign:", adset: "The campaign's, but tied to no ad set:",
      ad: "The ad set's, but tied to no ad:",
    },
    leads: 'leads', sales: 'sales',
  },
};

/** The level above, whose figures hold what no row below could be given. */
const ABOVE = { campaign: null, adset: 'campaign', ad: 'adset' } as const;

/** Campaigns, their ad sets, their ads: by a click, and by the address. */
export function Ads({ team }: { team: string }) {
  const texts = useTexts(TEXTS);
  const { days, basis } = useView();
  const [parameters, setParameters] = useSearchParams();
  const drill = useDrill();
  const { level } = drill;
  const found = useAdRows({ days, team, level });
  const above = useAdRows({ days, team, level: ABOVE[level] ?? 'campaign', enabled: ABOVE[level] !== null });
  const sought = parameters.get('q') ?? '';
  const seek = (text: string) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      if (text) after.set('q', text);
      else after.delete('q');
      return after;
    }, { replace: true });
  // While the rows of another level are on their way, those of the last one stay in the answer.
  const answer = found.data?.level === level ? found.data : undefined;
  const all = answer?.rows.filter((row) => isUnder(row, drill)) ?? [];
  const word = sought.trim().toLowerCase();
  const rows = all.filter((row) => `${nameOf(row, level) ?? ''} ${idOf(row, level) ?? ''}`.toLowerCase().includes(word));
  const parent = level === 'campaign' ? undefined : above.data?.rows.find((row) => isUnder(row, drill));
  const rest = level === 'campaign' ? answer?.unmatched : parent && beyond(summed([parent]), summed(all));
  return (
    <Card
      title={texts.titles[level]}
      aside={(
        <label>
          <span className="unseen">{texts.search}</span>
          <input type="search" data-search placeholder={texts.search} value={sought} onChange={(event) => seek(event.target.value)} />
        </label>
      )}
    >
      <Crumbs drill={drill} row={all[0] ?? parent} root={texts.titles.campaign} />
      {basis === 'lead_date' && <p className="notice">{texts.bySaleDate}</p>}
      {found.error && <Failed what={texts.titles[level]} error={found.error} again={() => void found.refetch()} />}
      {!answer && !found.error && <Waiting lines={10} height={420} />}
      {answer && all.length === 0 && <Empty title={texts.none}>{texts.noneWhy}</Empty>}
      {answer && all.length > 0 && rows.length === 0 && (
        <Empty title={texts.notFound}><button type="button" onClick={() => seek('')}>{texts.clear}</button></Empty>
      )}
      {rows.length > 0 && (
        <div className={found.isPlaceholderData ? 'dim' : undefined} data-level={level}>
          <AdTable key={level} title={texts.titles[level]} rows={rows} drill={drill} />
        </div>
      )}
      {rows.some((row) => !row.settled) && <p className="quiet"><span className="unsettled">≈</span> {texts.open}</p>}
      {rest && (rest.leads > 0 || rest.sales > 0) && <Rest of={rest} title={texts.rest[level]} texts={texts} />}
    </Card>
  );
}

type Unassigned = Pick<Sums, 'leads' | 'sales' | 'revenue_kzt'>;

function beyond(whole: Sums, part: Sums): Unassigned {
  return { leads: whole.leads - part.leads, sales: whole.sales - part.sales, revenue_kzt: whole.revenue_kzt - part.revenue_kzt };
}

function Rest({ of, title, texts }: { of: Unassigned; title: string; texts: Words }) {
  const formats = useFormats();
  return (
    <p className="quiet" data-part="rest">
      {`${title} ${texts.leads} ${formats.number(of.leads)}, ${texts.sales} ${formats.number(of.sales)}, ${formats.tenge(of.revenue_kzt)}`}
    </p>
  );
}
