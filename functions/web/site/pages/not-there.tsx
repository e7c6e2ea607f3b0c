import { Link } from 'wouter';
import { Empty } from '~/parts/empty';
import { useTexts, type Texts } from '~/view/language';

const TEXTS: Texts<{ title: string; what: string; go: string }> = {
  ru: { title: 'Такой страницы нет', what: 'Или она не для вас.', go: 'На главную' },
  en: { title: 'There is no such page', what: 'Or it is not for you.', go: 'To the first page' },
};

export function NotThere() {
  const texts = useTexts(TEXTS);
  return (
    <>
      <h1>{texts.title}</h1>
      <Empty title={texts.what}><Link href="/">{texts.go}</Link></Empty>
    </>
  );
}
