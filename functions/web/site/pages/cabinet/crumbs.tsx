import { Link } from 'wouter';
import { useTexts, type Texts } from '~/view/language';
import type { AdRow, Drill, useDrill } from './drill';

const TEXTS: Texts<string> = { ru: 'Где вы', en: 'Where you are' };

interface Properties {
  drill: Drill & Pick<ReturnType<typeof useDrill>, 'to'>;
  /** Any row under it: it names what stands above. */
  row: AdRow | undefined;
  root: string;
}

/** The way from all campaigns to what is looked into, and back. */
export function Crumbs({ drill, row, root }: Properties) {
  const label = useTexts(TEXTS);
  const { campaign, adset, to } = drill;
  if (campaign === null) return null;
  const ofCampaign = row?.campaign_name ?? campaign;
  return (
    <nav className="crumbs" aria-label={label}>
      <ol>
        <li><Link href={to({})}>{root}</Link></li>
        <li>
          {adset === null ? <span aria-current="page">{ofCampaign}</span> : <Link href={to({ campaign })}>{ofCampaign}</Link>}
        </li>
        {adset !== null && <li><span aria-current="page">{row?.adset_name ?? adset}</span></li>}
      </ol>
    </nav>
  );
}
