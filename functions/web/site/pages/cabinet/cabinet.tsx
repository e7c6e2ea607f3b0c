export default function Cabinet() {
  return <h1>Cabinet</h1>;
}
