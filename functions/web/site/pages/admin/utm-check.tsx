// Ads that run with broken UTM tags: money that no sale will ever be set against, the most expensive first.

import { Link } from 'wouter';
import { api, type Schemas } from '~/api/client';
import { BY_CURSOR } from '~/api/lists';
import { Card } from '~/parts/card';
import { Empty } from '~/parts/empty';
import { Failed } from '~/parts/failed';
import { More } from '~/parts/more';
import { TeamName } from '~/parts/team-name';
import { Waiting } from '~/parts/waiting';
import { useFormats } from '~/view/format';
import { plural, useTexts, type Texts } from '~/view/language';
import { usePerson } from '~/view/person';
import { OneOf } from './one-of';
import { useParameter } from './parameter';
import { Sign } from './sign';
import { Accounts } from './utm-check-accounts';
import { Suspect } from './utm-check-ad';
import { KINDS, KIND_NAMES } from './utm-check-kinds';

interface Words {
  result: string;
  team: string;
  kind: string;
  all: string;
  checked: string;
  never: string;
  stale: string;
  risk: string;
  broken: (broken: number, ads: number) => string;
  fine: (ads: number) => string;
  notListed: (count: number) => string;
  ads: string;
  none: string;
  noneWhy: string;
  cabinet: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    result: 'Что нашла последняя проверка', team: 'Команда', kind: 'Ошибка', all: 'все', checked: 'Проверено', never: 'Проверки ещё не было. Она бывает каждый день в 09:30.',
    stale: 'Некоторые аккаунты давно не проверялись, см. внизу страницы.', risk: 'тратят сейчас без отдачи в отчётах',
    broken: (broken, ads) => `${broken} из ${ads} ${plural('ru', ads, 'объявления', 'объявлений', 'объявлений')} с ошибками в метках`,
    fine: (ads) => `Метки всех объявлений в порядке (${ads})`,
    notListed: (count) => `Ещё ${count} не вошли в список: в аккаунте их слишком много.`, ads: 'Объявления, самые дорогие первыми',
    none: 'Ошибок в метках нет', noneWhy: 'Проверка бывает каждый день в 09:30.', cabinet: 'Кабинет',
  },
  en: {
    result: 'What the last check found', team: 'Team', kind: 'Mistake', all: 'all', checked: 'Checked', never: 'There was no check yet. It comes every day at 09:30.',
    stale: 'Some accounts were not checked for long, see the end of the page.', risk: 'are being spent without showing up in reports',
    broken: (broken, ads) => `${broken} of ${ads} ${plural('en', ads, 'ad', '', 'ads')} with mistakes in their tags`,
    fine: (ads) => `The tags of all ads are right (${ads})`,
    notListed: (count) => `${count} more are not listed: the account has too many.`, ads: 'Ads, the most expensive first',
    none: 'No mistakes in the tags', noneWhy: 'The check comes every day at 09:30.', cabinet: 'Cabinet',
  },
};

export function UtmCheck() {
  const texts = useTexts(TEXTS);
  const kinds = useTexts(KIND_NAMES);
  const { teams } = usePerson();
  const [team, setTeam] = useParameter('team', teams.map(({ id }) => id));
  const [kind, setKind] = useParameter('kind', KINDS);
  const filter = { ...(team && { team }), ...(kind && { kind }) };
  const check = api.useInfiniteQuery('get', '/api/admin/utm-check', { params: { query: filter } }, BY_CURSOR);
  const first = check.data?.pages[0];
  const ads = check.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <div className="row">
        <OneOf label={texts.team} all={texts.all} value={team} onChange={setTeam} choices={teams.map(({ id, title }) => [id, title] as const)} />
        <OneOf label={texts.kind} all={texts.all} value={kind} onChange={setKind} choices={KINDS.map((each) => [each, kinds[each]] as const)} />
      </div>
      {check.error && !check.data && <Failed what={texts.result} error={check.error} again={() => void check.refetch()} />}
      {check.isPending && <Waiting lines={12} height={700} />}
      {first && <Summary answer={first} texts={texts} onKind={setKind} />}
      {first && (
        <Card title={texts.ads} aside={team && <TeamLink id={team} word={texts.cabinet} />}>
          {ads.length === 0 && <Empty title={texts.none}>{texts.noneWhy}</Empty>}
          {ads.length > 0 && <ul className="suspects" aria-label={texts.ads}>{ads.map((ad) => <Suspect key={ad.ad_id} ad={ad} />)}</ul>}
          <More list={check} />
        </Card>
      )}
      {first && <Accounts accounts={first.accounts} />}
    </>
  );
}

function TeamLink({ id, word }: { id: string; word: string }) {
  const team = usePerson().teams.find((each) => each.id === id);
  return team ? <Link href={`/traffic/cabinet/${id}`}>{word} <TeamName team={team} /></Link> : null;
}

interface SummaryProperties {
  answer: Schemas['UtmCheckAnswer'];
  texts: Words;
  onKind: (kind: Schemas['UtmFindingKind']) => void;
}

function Summary({ answer, texts, onKind }: SummaryProperties) {
  const formats = useFormats();
  const kinds = useTexts(KIND_NAMES);
  const { summary } = answer;
  const isRisk = summary.spend_at_risk.some(({ amount }) => amount > 0);
  return (
    <Card
      title={texts.result}
      aside={answer.checked_at && <span className="quiet" title={formats.moment(answer.checked_at)}>{texts.checked} {formats.ago(answer.checked_at)}</span>}
    >
      {!answer.checked_at && <p className="notice">{texts.never}</p>}
      {answer.checked_at && answer.stale && <p className="notice">{texts.stale}</p>}
      <p>
        {summary.with_findings > 0
          ? <Sign status={isRisk ? 'error' : 'warning'}>{texts.broken(summary.with_findings, summary.ads)}</Sign>
          : answer.checked_at && <Sign status="ok">{texts.fine(summary.ads)}</Sign>}
      </p>
      {isRisk && (
        <p>
          <b className="big" data-figure="risk">{formats.tenge(summary.spend_at_risk_kzt)}</b>{' '}
          <span className="quiet">{summary.spend_at_risk.map(formats.money).join(' + ')} {texts.risk}</span>
        </p>
      )}
      <div className="row">
        {KINDS.map((kind) => {
          const count = summary.by_kind[kind];
          return count && <button key={kind} type="button" onClick={() => onKind(kind)}>{kinds[kind]}: {formats.number(count)}</button>;
        })}
      </div>
      {summary.not_listed > 0 && <p className="quiet">{texts.notListed(summary.not_listed)}</p>}
    </Card>
  );
}
